"""CVs of made-up people held back: nothing was tuned on them, they only measure."""
# Texts of CVs read best as they stand:
# ruff: noqa: E501

from __future__ import annotations

from tests.participants.registering.looks.parts import Look, box, p, page, table

HELD = (
    Look(
        "flex-left-sidebar-en", "html",
        page(
            ".f{display:flex} aside{width:55mm;background:#234;color:#fff;padding:5mm} main{flex:1;padding:5mm} h3{text-transform:uppercase;letter-spacing:1px;font-size:11pt;margin:8pt 0 3pt} .t{float:right;color:#777}",
            """<div class=f><aside><h1 style='font-size:18pt'>Elena Petrova</h1><p>Data Engineer</p><h3>Contact</h3>elena.petrova@example.org<br>+359 888 123 456<br>Sofia, Bulgaria<h3>Skills</h3>Scala<br>Spark<br>Airflow<br>dbt<h3>Languages</h3>Bulgarian: native<br>English: C1<br>Russian: B2</aside>
            <main><h3>About me</h3><p>I have more than 7 years of professional experience with data platforms for telecoms and retail.</p><h3>Work experience</h3>
            <div><b>Senior Data Engineer</b><span class=t>Mar 2022 – Present</span></div><div>Vivacom Bulgaria EAD</div><ul><li>Streaming of call records</li></ul>
            <div><b>Data Engineer</b><span class=t>Oct 2018 – Feb 2022</span></div><div>Kaufland Bulgaria GmbH</div><ul><li>Warehouse on Snowflake</li></ul>
            <h3>Education</h3><div><b>MSc in Computer Science</b><span class=t>2016 – 2018</span></div><div>Sofia University St. Kliment Ohridski</div><div><b>BSc in Mathematics</b><span class=t>2012 – 2016</span></div><div>Technical University of Sofia</div></main></div>""",
        ),
        "Elena Petrova", "elena.petrova@example.org",
        [("master", "Sofia University St. Kliment Ohridski", "Computer Science", "2018"), ("bachelor", "Technical University of Sofia", "Mathematics", "2016")],
        [("Senior Data Engineer", "Vivacom Bulgaria EAD", "2022-03", ""), ("Data Engineer", "Kaufland Bulgaria GmbH", "2018-10", "2022-02")],
        "8.1", ["Scala", "Spark", "Airflow", "dbt"], {"bg": "native", "en": "C1", "ru": "B2"}, phone="+359888123456",
    ),
    Look(
        "margin-dates-de", "html",
        page(
            ".row{display:grid;grid-template-columns:38mm 70mm;gap:4mm} h2{font-size:12pt;border-bottom:1pt solid #000}",
            """<h1>Dr. Tobias Wagner</h1><p>Goethestraße 9, 01309 Dresden<br>Mobil: +49 170 5554433 | tobias.wagner@example.org<br>Geburtsdatum: 21. Mai 1985</p>
            <h2>Werdegang</h2><div class=row><span>08/2015 – heute</span><span><b>Gruppenleiter Leistungselektronik</b><br>Fraunhofer-Institut für Werkstoff- und Strahltechnik IWS</span><span>04/2011 – 07/2015</span><span><b>Wissenschaftlicher Mitarbeiter</b><br>Technische Universität Dresden</span></div>
            <h2>Bildungsweg</h2><div class=row><span>04/2011 – 06/2015</span><span>Promotion Elektrotechnik<br>Technische Universität Dresden</span><span>10/2005 – 03/2011</span><span>Diplom-Ingenieur Elektrotechnik<br>Brandenburgische Technische Universität Cottbus-Senftenberg</span></div>
            <h2>Fähigkeiten</h2><p>SPICE, Altium Designer, VHDL</p><h2>Sprachen</h2><p>Deutsch – Muttersprache, Englisch – C2, Polnisch – A1</p>""",
        ),
        "Tobias Wagner", "tobias.wagner@example.org",
        [("doctorate", "Technische Universität Dresden", "Elektrotechnik", "2015"), ("master", "Brandenburgische Technische Universität Cottbus-Senftenberg", "Elektrotechnik", "2011")],
        [("Gruppenleiter Leistungselektronik", "Fraunhofer-Institut für Werkstoff- und Strahltechnik IWS", "2015-08", ""), ("Wissenschaftlicher Mitarbeiter", "Technische Universität Dresden", "2011-04", "2015-07")],
        "15.6", ["SPICE", "Altium Designer", "VHDL"], {"de": "native", "en": "C2", "pl": "A1"},
        phone="+491705554433", birth_year="1985", region="Dresden",
    ),
    Look(
        "sidebar-zh", "html",
        page(
            ".g{display:grid;grid-template-columns:52mm 1fr;gap:6mm} h3{margin:8pt 0 3pt;color:#06c} .s{color:#555}",
            """<div class=g><aside><h1>赵敏</h1><p>产品经理 | 8年工作经验</p><h3>联系方式</h3>手机：13712345678<br>邮箱：zhaomin@example.org<br>所在城市：深圳<h3>技能</h3>Axure、SQL、Figma<h3>语言</h3>英语（C1）<br>粤语（母语）<h3>教育经历</h3>中国科学技术大学管理学院<br>工商管理 硕士<br>2016.09-2018.06<br><br>哈尔滨工业大学（深圳）<br>计算机科学与技术 本科<br>2010.09-2014.06</aside>
            <main><h3>个人优势</h3><p>1.5年以上海外产品经验，熟悉东南亚市场；善于跨部门协作。</p><h3>工作经历</h3><b>深圳市腾讯计算机系统有限公司</b><br><span class=s>高级产品经理　2021.03 - 至今</span><ul><li>负责支付产品的海外版</li><li>3.5年以上团队管理</li></ul><b>平安科技（深圳）有限公司</b><br><span class=s>产品经理　2018.07 - 2021.02</span><ul><li>保险核心系统</li></ul></main></div>""",
        ),
        "赵敏", "zhaomin@example.org",
        [("master", "中国科学技术大学管理学院", "工商管理", "2018"), ("bachelor", "哈尔滨工业大学(深圳)", "计算机科学与技术", "2014")],
        [("高级产品经理", "深圳市腾讯计算机系统有限公司", "2021-03", ""), ("产品经理", "平安科技(深圳)有限公司", "2018-07", "2021-02")],
        "8", ["Axure", "SQL", "Figma"], {"en": "C1", "yue": "native"}, phone="13712345678", region="深圳",
    ),
    Look(
        "word-header-box-en", "docx",
        (p("Registered nurse with 14 years of clinical experience in intensive care.") + p("PROFESSIONAL EXPERIENCE") + table(
            ["2016 – present", ["Charge Nurse, Intensive Care", "St James's University Hospital, Dublin", "Leads a team of 14"]],
            ["2012 – 2016", ["Staff Nurse", "Mater Misericordiae University Hospital", "Ventilated patients"]],
        ) + p("EDUCATION") + table(
            ["2017 – 2019", ["MSc Nursing", "University College Dublin, National University of Ireland"]],
            ["2008 – 2012", ["BSc Nursing", "National University of Ireland, Galway"]],
        ) + box("KEY SKILLS", "Triage", "Ventilation", "Mentoring") + p("LANGUAGES") + p("English (native), Irish (B1)"),
         p("Aoife Brennan") + p("aoife.brennan@example.org\t+353 87 123 4567")),
        "Aoife Brennan", "aoife.brennan@example.org",
        [("master", "University College Dublin", "Nursing", "2019"), ("bachelor", "National University of Ireland", "Nursing", "2012")],
        [("Charge Nurse", "St James's University Hospital", "2016", ""), ("Staff Nurse", "Mater Misericordiae University Hospital", "2012", "2016")],
        "14", ["Triage", "Ventilation", "Mentoring"], {"en": "native", "ga": "B1"}, phone="+353871234567",
    ),
    Look(
        "word-tables-zh", "docx",
        (p("孙浩然") + p("电话：15800002222  邮箱：sunhaoran@example.org") + p("工作经验：6年  现居：苏州") + p("一、教育背景") + table(
            ["时间", "学校", "专业", "学位"], ["2014.09-2018.06", "南京航空航天大学", "机械工程", "学士"], ["2018.09-2021.03", "东南大学", "机械电子工程", "硕士"])
         + p("二、工作经历") + table(["2021.04-至今", ["苏州汇川技术有限公司", "机器人控制工程师", "负责伺服驱动调试"]], ["2020.06-2020.12", ["博世汽车部件（苏州）有限公司", "实习生", "测试台架"]])
         + p("三、专业技能") + p("1. 掌握 ROS、EtherCAT、Simulink") + p("四、语言能力") + p("英语六级，日语N3"), ""),
        "孙浩然", "sunhaoran@example.org",
        [("bachelor", "南京航空航天大学", "机械工程", "2018"), ("master", "东南大学", "机械电子工程", "2021")],
        [("机器人控制工程师", "苏州汇川技术有限公司", "2021-04", ""), ("实习生", "博世汽车部件(苏州)有限公司", "2020-06", "2020-12")],
        "6", ["ROS", "EtherCAT", "Simulink"], {"en": "B2", "ja": "B1"}, phone="15800002222",
    ),
    Look(
        "overhanging-headings-de", "laid",
        [[
            [60, 40, 0, "DejaVu Serif Bold 18", "Katharina Brandstätter"],
            [60, 70, 0, "DejaVu Serif 10", "Getreidegasse 3, 80331 München · k.brandstaetter@example.org · 089 2345678"],
            [60, 110, 0, "DejaVu Serif Bold 13", "Beruflicher Werdegang"], [200, 130, 330, "DejaVu Serif 10", "seit 02/2020\nLeiterin Qualitätssicherung, Roche Diagnostics GmbH, Penzberg\nAudits nach ISO 13485"],
            [200, 190, 330, "DejaVu Serif 10", "07/2014 – 01/2020\nQualitätsingenieurin, Infineon Technologies AG, Neubiberg"],
            [60, 240, 0, "DejaVu Serif Bold 13", "Akademischer Werdegang"], [200, 258, 330, "DejaVu Serif 10", "10/2008 – 06/2014\nDiplom Chemie, Ludwig-Maximilians-Universität München"],
            [60, 310, 0, "DejaVu Serif Bold 13", "Sprachen"], [200, 312, 330, "DejaVu Serif 10", "Deutsch (Muttersprache), Englisch (C1), Italienisch (B1)"],
            [60, 350, 0, "DejaVu Serif Bold 13", "IT-Kenntnisse"], [200, 352, 330, "DejaVu Serif 10", "Minitab, SAP QM, Python"],
        ]],
        "Katharina Brandstätter", "k.brandstaetter@example.org",
        [("master", "Ludwig-Maximilians-Universität München", "Chemie", "2014")],
        [("Leiterin Qualitätssicherung", "Roche Diagnostics GmbH", "2020-02", ""), ("Qualitätsingenieurin", "Infineon Technologies AG", "2014-07", "2020-01")],
        "12.3", ["Minitab", "SAP QM", "Python"], {"de": "native", "en": "C1", "it": "B1"}, phone="0892345678", region="München",
    ),
    Look(
        "narrow-zh", "laid",
        [[
            [40, 40, 0, "Noto Sans CJK SC Bold 20", "林雨桐"], [40, 75, 0, "Noto Sans CJK SC 10", "女 | 1996年2月 | 13511112222 | linyutong@example.org"],
            [40, 110, 0, "Noto Sans CJK SC Bold 12", "教育背景"], [40, 132, 120, "Noto Sans CJK SC 10", "2018.09-2021.06\n北京航空航天大学自动化科学与电气工程学院\n导航制导与控制\n硕士"],
            [40, 240, 120, "Noto Sans CJK SC 10", "2014.09-2018.06\n中国地质大学（北京）\n测控技术与仪器\n本科"],
            [40, 340, 0, "Noto Sans CJK SC Bold 12", "技能"], [40, 362, 120, "Noto Sans CJK SC 10", "Matlab\nC/C++\n惯性导航"],
            [210, 110, 0, "Noto Sans CJK SC Bold 12", "工作经历"], [210, 132, 330, "Noto Sans CJK SC 10", "2021.07-至今\n北京星网宇达科技股份有限公司\n导航算法工程师\n• 5年以上组合导航算法研发经验，主持车载定位模块的设计、仿真与外场试验\n• 发明专利两项"],
            [210, 260, 0, "Noto Sans CJK SC Bold 12", "语言"], [210, 282, 330, "Noto Sans CJK SC 10", "英语（CET-6）"],
        ]],
        "林雨桐", "linyutong@example.org",
        [("master", "北京航空航天大学自动化科学与电气工程学院", "导航制导与控制", "2021"), ("bachelor", "中国地质大学(北京)", "测控技术与仪器", "2018")],
        [("导航算法工程师", "北京星网宇达科技股份有限公司", "2021-07", "")],
        "5.3", ["Matlab", "C/C++", "惯性导航"], {"en": "B2"}, phone="13511112222", birth_year="1996",
    ),
    Look(
        "moderncv-en", "html",
        page(
            "body{font-family:'DejaVu Serif'} .r{display:grid;grid-template-columns:28mm 1fr;gap:5mm;margin:2pt 0} .r>:first-child{text-align:right} h2{color:#3873b3;font-weight:normal;margin:8pt 0 2pt 33mm}",
            """<div style='text-align:right'><span style='font-size:22pt'>Henrik Lindqvist</span><br>Uppsala, Sweden<br>henrik.lindqvist@example.org<br>+46 70 123 45 67</div>
            <h2>Education</h2><div class=r><span>2013–2018</span><span><b>PhD in Bioinformatics</b>, <i>Swedish University of Agricultural Sciences</i>, Uppsala.</span></div><div class=r><span>2008–2013</span><span><b>MSc in Molecular Biology</b>, <i>KTH Royal Institute of Technology</i>, Stockholm.</span></div>
            <h2>Experience</h2><div class=r><span>2021–present</span><span><b>Staff Scientist</b>, <i>Science for Life Laboratory</i>, Solna.</span></div><div class=r><span>2018–2021</span><span><b>Postdoctoral Researcher</b>, <i>European Bioinformatics Institute</i>, Hinxton.</span></div>
            <h2>Languages</h2><div class=r><span>Swedish</span><span>native</span></div><div class=r><span>English</span><span>C2</span></div>
            <h2>Computer skills</h2><div class=r><span>Languages</span><span>R, Python, Nextflow</span></div>""",
        ),
        "Henrik Lindqvist", "henrik.lindqvist@example.org",
        [("doctorate", "Swedish University of Agricultural Sciences", "Bioinformatics", "2018"), ("master", "KTH Royal Institute of Technology", "Molecular Biology", "2013")],
        [("Staff Scientist", "Science for Life Laboratory", "2021", ""), ("Postdoctoral Researcher", "European Bioinformatics Institute", "2018", "2021")],
        "8.8", ["R", "Python", "Nextflow"], {"sv": "native", "en": "C2"}, phone="+46701234567",
    ),
)  # fmt: skip

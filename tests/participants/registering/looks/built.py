"""CVs of made-up people in many looks, for building the reading of CVs."""
# Texts of CVs read best as they stand:
# ruff: noqa: E501

from __future__ import annotations

from tests.participants.registering.looks.parts import Look, box, p, page, table

BUILT = (
    Look(
        "grid-right-sidebar-en", "html",
        page(
            "h1{margin:0} .g{display:grid;grid-template-columns:1fr 48mm;gap:8mm} h2{font-size:12pt;margin:6pt 0} .d{color:#666} aside{background:#eee;padding:4mm;overflow-wrap:anywhere}",
            """<h1>Marta Kowalczyk</h1><div>Embedded Software Engineer</div>
            <div class=g><main><h2>Profile</h2><p>Engineer with 8 years of experience in automotive control units, from bootloader to diagnosis. Enjoys mentoring.</p>
            <h2>Experience</h2>
            <b>Lead Embedded Engineer</b><br>Continental Automotive GmbH, Regensburg<br><span class=d>04/2021 – present</span><ul><li>Owns the boot chain of a domain controller</li><li>Cut flashing time from 90 to 35 seconds</li></ul>
            <b>Software Engineer</b><br>Aptiv Services Poland S.A., Kraków<br><span class=d>07/2018 – 03/2021</span><ul><li>CAN and LIN drivers</li><li>Unit tests on target</li></ul></main>
            <aside><h2>Contact</h2>marta.kowalczyk@example.org<br>+48 601 234 567<br>Regensburg, Germany
            <h2>Education</h2><b>MSc Electrical Engineering</b><br>AGH University of Science and Technology in Kraków<br>2016 – 2018<br><br><b>BSc Electronics</b><br>Wrocław University of Science and Technology<br>2012 – 2016
            <h2>Skills</h2><ul><li>C, C++</li><li>AUTOSAR</li><li>Python</li><li>Lauterbach</li></ul>
            <h2>Languages</h2>Polish (native)<br>English C1<br>German B2</aside></div>""",
        ),
        "Marta Kowalczyk", "marta.kowalczyk@example.org",
        [("master", "AGH University of Science and Technology in Kraków", "Electrical Engineering", "2018"),
         ("bachelor", "Wrocław University of Science and Technology", "Electronics", "2016")],
        [("Lead Embedded Engineer", "Continental Automotive GmbH", "2021-04", ""),
         ("Software Engineer", "Aptiv Services Poland S.A.", "2018-07", "2021-03")],
        "8", ["C", "C++", "AUTOSAR", "Python", "Lauterbach"],
        {"pl": "native", "en": "C1", "de": "B2"}, phone="+48601234567",
    ),
    Look(
        "wide-margin-headings-de", "html",
        page(
            "table{border-collapse:collapse;table-layout:fixed;width:186mm} td{vertical-align:top;padding:3pt 4pt} td:first-child{width:30mm;font-weight:bold;white-space:nowrap;overflow:visible} .e{padding-left:34mm} ",
            """<h1>Lebenslauf</h1><table>
            <tr><td>Persönliche Daten</td><td><div class=i>Jonas Albrecht<br>Lindenallee 4, 76131 Karlsruhe<br>Tel.: 0721 5551234<br>jonas.albrecht@example.org<br>geboren am 02.08.1987 in Trier</div></td></tr>
            <tr><td>Beruflicher Werdegang und</td><td></td></tr>
            <tr><td>Berufliche Stationen</td><td>09/2017 – heute<br>Teamleiter Messtechnik, Endress Messgeräte GmbH, Weil am Rhein<br>Verantwortung für acht Mitarbeitende<br>Einführung der statistischen Prozesslenkung</td></tr>
            <tr><td></td><td>03/2013 – 08/2017<br>Entwicklungsingenieur, Sick AG, Waldkirch<br>Optische Sensoren für die Lagertechnik</td></tr>
            <tr><td>Akademische Laufbahn</td><td>10/2010 – 02/2013<br>Master of Science Physik, Karlsruher Institut für Technologie (KIT)</td></tr>
            <tr><td></td><td>10/2007 – 09/2010<br>Bachelor of Science Physik, Universität des Saarlandes</td></tr>
            <tr><td>Weitere Kenntnisse</td><td>LabVIEW, Python, Optikdesign, Zemax</td></tr>
            <tr><td>Sprachkenntnisse</td><td>Deutsch (Muttersprache), Englisch (C1), Französisch (B1)</td></tr></table>""".replace("<tr><td>Beruflicher Werdegang und</td><td></td></tr>", ""),
        ).replace("font-weight:bold", "font-weight:bold;font-size:13pt"),
        "Jonas Albrecht", "jonas.albrecht@example.org",
        [("master", "Karlsruher Institut für Technologie (KIT)", "Physik", "2013"),
         ("bachelor", "Universität des Saarlandes", "Physik", "2010")],
        [("Teamleiter Messtechnik", "Endress Messgeräte GmbH", "2017-09", ""),
         ("Entwicklungsingenieur", "Sick AG", "2013-03", "2017-08")],
        "13.7", ["LabVIEW", "Python", "Optikdesign", "Zemax"],
        {"de": "native", "en": "C1", "fr": "B1"}, phone="07215551234", birth_year="1987", region="Karlsruhe",
    ),
    Look(
        "table-head-zh", "html",
        page(
            "h2{border-left:4pt solid #06c;padding-left:6pt;font-size:12pt} td{padding:2pt 10pt} .r{display:flex;justify-content:space-between}",
            """<h1>陈思远</h1><table><tr><td>性别：男</td><td>出生年月：1994.11</td><td>工作年限：5年</td></tr><tr><td>电话：13900001234</td><td>邮箱：chensiyuan@example.org</td><td>现居地：杭州市</td></tr></table>
            <h2>教育背景</h2><div class=r><b>浙江大学</b><span>控制科学与工程（硕士）</span><span>2017.09 - 2020.03</span></div><div class=r><b>合肥工业大学</b><span>自动化（本科）</span><span>2013.09 - 2017.06</span></div>
            <h2>工作经历</h2><div class=r><b>杭州海康威视数字技术股份有限公司</b><span>算法工程师</span><span>2021.06 - 至今</span></div><ul><li>2.5年以上缺陷检测模型落地经验，覆盖三条产线</li><li>负责模型量化与部署</li></ul>
            <div class=r><b>阿里巴巴（中国）有限公司</b><span>算法实习生</span><span>2019.06 - 2019.09</span></div><ul><li>参与商品搜索排序</li></ul>
            <h2>专业技能</h2><p>熟练掌握 PyTorch、C++、CUDA</p><p>熟悉 OpenCV、TensorRT</p>
            <h2>语言能力</h2><p>英语 CET-6</p>""",
        ),
        "陈思远", "chensiyuan@example.org",
        [("master", "浙江大学", "控制科学与工程", "2020"), ("bachelor", "合肥工业大学", "自动化", "2017")],
        [("算法工程师", "杭州海康威视数字技术股份有限公司", "2021-06", ""), ("算法实习生", "阿里巴巴(中国)有限公司", "2019-06", "2019-09")],
        "5", ["PyTorch", "C++", "CUDA", "OpenCV", "TensorRT"], {"en": "B2"},
        phone="13900001234", birth_year="1994", region="杭州市",
    ),
    # The font draws 长, 青, 见, 车 and their radicals from one glyph: the browser writes the radicals.
    Look(
        "narrow-table-radicals-zh", "html",
        page(
            """body{font-family:"Noto Serif CJK SC"} td{padding:1pt}""",
            """<h1>个人简历</h1><table><tr><td>姓名：马长青</td><td>性别：女</td></tr><tr><td>电话：13500004321</td><td>邮箱：machangqing@example.org</td></tr><tr><td>现居：长春市</td><td>期望薪资：8000-12000/月</td></tr></table>
            <h2>教育背景</h2><p>2016.09-2019.06 长安大学 车辆工程 硕士<br>2012.09-2016.06 青岛理工大学 金属材料 本科</p>
            <h2>工作经历</h2><p>2019.07-至今 长春飞见车业有限公司 风控工程师<br>2018.03-2018.06 青岛黄海车轮有限公司 见习工程师</p>
            <h2>专长</h2><p>Python，龙门铣</p>""",
        ),
        "马长青", "machangqing@example.org",
        [("master", "长安大学", "车辆工程", "2019"), ("bachelor", "青岛理工大学", "金属材料", "2016")],
        [("风控工程师", "长春飞见车业有限公司", "2019-07", ""), ("见习工程师", "青岛黄海车轮有限公司", "2018-03", "2018-06")],
        "7.7", ["Python", "龙门铣"], {}, phone="13500004321", region="长春市",
    ),
    Look(
        "word-two-columns-de", "docx",
        (table([
            ["Fatima Özdemir", "Projektleiterin Bau", "Kontakt", "fatima.oezdemir@example.org", "+49 176 5550123", "20095 Hamburg", "Sprachen", "Deutsch (Muttersprache)", "Türkisch (C2)", "Englisch (B2)", "Kenntnisse", "Revit", "MS Project", "HOAI"],
            ["Profil", "Bauingenieurin mit 10 Jahren Berufserfahrung im Hochbau.", "Berufserfahrung", "05/2019 – heute", "Projektleiterin", "Hochtief Infrastructure GmbH", "• Neubau eines Klinikums", "• Budget 40 Mio. Euro", "10/2016 – 04/2019", "Bauleiterin", "Ed. Züblin AG", "• Rohbau von zwei Schulen", "Studium", "10/2014 – 09/2016", "M.Eng. Bauingenieurwesen", "Hochschule für Angewandte", "Wissenschaften Hamburg", "10/2010 – 09/2014", "B.Eng. Bauingenieurwesen", "Technische Hochschule Lübeck"],
        ]), ""),
        "Fatima Özdemir", "fatima.oezdemir@example.org",
        [("master", "Hochschule für Angewandte Wissenschaften Hamburg", "Bauingenieurwesen", "2016"), ("bachelor", "Technische Hochschule Lübeck", "Bauingenieurwesen", "2014")],
        [("Projektleiterin", "Hochtief Infrastructure GmbH", "2019-05", ""), ("Bauleiterin", "Ed. Züblin AG", "2016-10", "2019-04")],
        "10", ["Revit", "MS Project", "HOAI"], {"de": "native", "tr": "C2", "en": "B2"},
        phone="+491765550123", region="Hamburg",
    ),
    Look(
        "word-form-zh", "docx",
        (p("应聘人员登记表") + table(
            ["姓名", "刘倩", "性别", "女", "出生日期", "1990年3月12日"],
            ["联系电话", "18600005678", "电子邮箱", "liuqian@example.org", "工作年限", "12年"],
            ["现居住地", "成都市高新区", "最高学历", "博士", "婚姻状况", "已婚"],
        ) + p("教育经历") + table(
            ["起止时间", "毕业院校", "专业", "学历"],
            ["2012.09-2016.06", "四川大学", "材料学", "博士"],
            ["2008.09-2012.06", "西南交通大学", "材料科学与工程", "本科"],
        ) + p("工作经历") + table(
            ["起止时间", "工作单位", "职位"],
            ["2016.07-2020.12", "中国航发成都发动机有限公司", "材料工程师"],
            ["2021.01-至今", "成都先进金属材料产业技术研究院股份有限公司", "项目经理"],
        ) + p("技能特长") + p("金相分析、有限元仿真、Ansys") + p("语言能力") + p("英语（C1）、日语（N2）"), ""),
        "刘倩", "liuqian@example.org",
        [("doctorate", "四川大学", "材料学", "2016"), ("bachelor", "西南交通大学", "材料科学与工程", "2012")],
        [("材料工程师", "中国航发成都发动机有限公司", "2016-07", "2020-12"), ("项目经理", "成都先进金属材料产业技术研究院股份有限公司", "2021-01", "")],
        "12", ["金相分析", "有限元仿真", "Ansys"], {"en": "C1", "ja": "B2"},
        phone="18600005678", birth_year="1990", region="成都市高新区",
    ),
    Look(
        "narrow-columns-en", "laid",
        [[
            [40, 40, 0, "DejaVu Sans Bold 20", "Daniel Okonkwo"],
            [40, 70, 0, "DejaVu Sans 10", "daniel.okonkwo@example.org  |  +44 7700 900123  |  Leeds"],
            [40, 110, 0, "DejaVu Sans Bold 11", "Education"],
            [40, 130, 130, "DejaVu Sans 9", "PhD Chemical Engineering\nThe University of Manchester Institute of Science and Technology\n2014"],
            [40, 230, 130, "DejaVu Sans 9", "BEng Chemical Engineering\nFederal University of Petroleum Resources Effurun\n2009"],
            [40, 330, 0, "DejaVu Sans Bold 11", "Skills"],
            [40, 350, 130, "DejaVu Sans 9", "Aspen Plus\nMATLAB\nHAZOP\nProcess safety"],
            [40, 430, 0, "DejaVu Sans Bold 11", "Languages"],
            [40, 450, 130, "DejaVu Sans 9", "English – native\nIgbo – native\nFrench – A2"],
            [210, 110, 0, "DejaVu Sans Bold 11", "Summary"],
            [210, 130, 340, "DejaVu Sans 9", "Process engineer, over 11 years' experience in refining and hydrogen."],
            [210, 175, 0, "DejaVu Sans Bold 11", "Work Experience"],
            [210, 195, 340, "DejaVu Sans 9", "Principal Process Engineer, Johnson Matthey plc\nFeb 2019 – Present\n• Leads the design of reformers for blue hydrogen plants in three countries\n• 2.5+ years of site commissioning, most of it on night shift"],
            [210, 275, 340, "DejaVu Sans 9", "Process Engineer, Petrofac Ltd\nSep 2014 – Jan 2019\n• Flare studies\n• Relief valve sizing"],
        ]],
        "Daniel Okonkwo", "daniel.okonkwo@example.org",
        [("doctorate", "The University of Manchester Institute of Science and Technology", "Chemical Engineering", "2014"), ("bachelor", "Federal University of Petroleum Resources Effurun", "Chemical Engineering", "2009")],
        [("Principal Process Engineer", "Johnson Matthey plc", "2019-02", ""), ("Process Engineer", "Petrofac Ltd", "2014-09", "2019-01")],
        "12.2", ["Aspen Plus", "MATLAB", "HAZOP", "Process safety"], {"en": "native", "ig": "native", "fr": "A2"},
        phone="+447700900123",
    ),
    Look(
        "css-columns-de", "html",
        page(
            "main{column-count:2;column-gap:10mm} h2{font-size:12pt;color:#a00;break-after:avoid;margin:6pt 0 2pt} dl{margin:0} dt{font-weight:bold}",
            """<h1 style='text-align:center'>Sabine Meyer-Lohmann</h1><p style='text-align:center'>Hansaring 77 · 50670 Köln · sabine.ml@example.org · 0221 / 998 877</p>
            <main><h2>Ausbildung</h2><dl><dt>10/2005 – 09/2010</dt><dd>Diplom Informatik<br>Rheinische Friedrich-Wilhelms-Universität Bonn</dd></dl>
            <h2>Kenntnisse</h2><p>Java, Spring, Kubernetes, PostgreSQL, Kafka</p><h2>Sprachen</h2><p>Deutsch (Muttersprache)<br>Englisch (verhandlungssicher)<br>Spanisch (A2)</p>
            <h2>Berufserfahrung</h2><p>Berufserfahrung: 15 Jahre, davon 6 Jahre in Führung</p><dl><dt>01/2019 – heute</dt><dd>Softwarearchitektin<br>DB Systel GmbH</dd><dt>11/2010 – 12/2018</dt><dd>Softwareentwicklerin<br>AXA Konzern AG</dd></dl></main>""",
        ),
        "Sabine Meyer-Lohmann", "sabine.ml@example.org",
        [("master", "Rheinische Friedrich-Wilhelms-Universität Bonn", "Informatik", "2010")],
        [("Softwarearchitektin", "DB Systel GmbH", "2019-01", ""), ("Softwareentwicklerin", "AXA Konzern AG", "2010-11", "2018-12")],
        "15", ["Java", "Spring", "Kubernetes", "PostgreSQL", "Kafka"], {"de": "native", "en": "C1", "es": "A2"},
        phone="0221998877", region="Köln",
    ),
    Look(
        "word-boxes-en", "docx",
        (box("Skills", "SAP S/4HANA", "Power BI", "Lean Six Sigma", "Languages", "Hindi (native)", "English (C2)")
         + p("Professional Summary") + p("Supply chain manager. Total work experience: 9 years 6 months in consumer goods.")
         + p("Employment History") + p("Supply Chain Manager\tJan 2020 – Present") + p("Hindustan Unilever Ltd, Mumbai") + p("• Cut stock by 18%")
         + p("Demand Planner\tJun 2017 – Dec 2019") + p("Nestlé India Ltd, Gurgaon") + p("• Forecasts for 400 articles")
         + p("Education") + p("MBA, Operations\t2015 – 2017") + p("Indian Institute of Management Ahmedabad") + p("B.Tech in Mechanical Engineering\t2011 – 2015") + p("Visvesvaraya National Institute of Technology, Nagpur"),
         p("PRIYA RAGHAVAN") + p("priya.raghavan@example.org | +91 98200 12345 | Mumbai")),
        "Priya Raghavan", "priya.raghavan@example.org",
        [("master", "Indian Institute of Management Ahmedabad", "Operations", "2017"), ("bachelor", "Visvesvaraya National Institute of Technology", "Mechanical Engineering", "2015")],
        [("Supply Chain Manager", "Hindustan Unilever Ltd", "2020-01", ""), ("Demand Planner", "Nestlé India Ltd", "2017-06", "2019-12")],
        "9.5", ["SAP S/4HANA", "Power BI", "Lean Six Sigma"], {"hi": "native", "en": "C2"},
        phone="+919820012345",
    ),
)  # fmt: skip

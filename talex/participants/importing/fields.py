"""The fields that columns can be mapped to, and the words by which files call them.

A synonym is written as `normal` in `headings` makes it: small letters, no spaces or signs.
"""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

from typing import Literal

Target = Literal["talent", "organisation", "opening"]

# One field a line: its words in English, Chinese, German, separated by spaces.
_TALENT = """
source_id: id no number nr ref reference sourceid externalid talentid candidateid applicantid resumeid recordid 编号 序号 人才编号 简历编号 候选人编号 学号 工号 kennung nummer bewerbernummer lfdnr laufendenummer kandidatennummer
name: name fullname talentname candidatename candidate applicant applicantname personname participant 姓名 名字 人才姓名 应聘者 候选人 求职者 真实姓名 学员姓名 vollername vollständigername namen vorundnachname kandidat bewerber teilnehmer
name_latin: englishname latinname namelatin nameinenglish romanizedname pinyin namepinyin passportname 英文名 英文姓名 拼音 姓名拼音 护照姓名 外文姓名 外文名 englischername namelateinisch lateinischername
name_native: chinesename nativename nameinchinese localname namenative 中文名 中文姓名 本国语姓名 母语姓名 chinesischername originalname nameinlandesschrift
email: email mail emailaddress emailid contactemail mailaddress 邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电邮 联系邮箱 emailadresse mailadresse epost
phone: phone telephone mobile cell cellphone phonenumber mobilenumber mobilephone tel contactnumber telephonenumber wechatphone 电话 手机 手机号 手机号码 联系电话 电话号码 联系方式 移动电话 telefon telefonnummer handy handynummer mobilnummer mobiltelefon rufnummer
degree_level: degree degreelevel educationlevel education highestdegree highesteducation qualification qualifications academicdegree academictitle 学历 学位 最高学历 最高学位 学历学位 文化程度 教育程度 学历层次 学历水平 abschluss höchsterabschluss akademischergrad bildungsabschluss bildungsstand studienabschluss hochschulabschluss titel
institution: institution university school college almamater graduateschool universityname institute 毕业院校 院校 学校 毕业学校 就读院校 大学 毕业高校 所在院校 hochschule universität uni schule bildungseinrichtung ausbildungsstätte
discipline: discipline major subject fieldofstudy field speciality specialty specialization specialisation studyfield area category 专业 所学专业 学科 专业方向 研究方向 研究领域 专业名称 学科领域 专业领域 类别 fach fachrichtung studienfach studiengang fachgebiet disziplin forschungsgebiet kategorie
skills: skills skill skillset keyskills competencies competences technologies expertise keywords tags abilities 技能 专业技能 技能标签 特长 专长 能力 技术专长 关键词 标签 技能特长 fähigkeiten kenntnisse kompetenzen fertigkeiten fachkenntnisse schlagworte
languages: languages language languageskills spokenlanguages languageproficiency languageability 语言 语言能力 外语 外语水平 外语能力 语种 掌握语言 英语水平 sprachen sprachkenntnisse fremdsprachen
experience_years: experience yearsofexperience workexperience experienceyears workyears years totalexperience yearsexperience workingyears seniority yoe 工作年限 工作经验 经验 从业年限 工龄 相关经验 工作年数 经验年限 berufserfahrung erfahrung jahreberufserfahrung berufsjahre erfahrungsjahre
current_position: currentposition position currentjob jobtitle currenttitle title occupation currentrole role profession currentemployer 现职位 当前职位 现任职务 职务 现职 职称 目前职位 现任职位 岗位 职位 position aktuelleposition derzeitigeposition tätigkeit beruf aktuellestelle funktion
resume_text: resume cv resumetext resumestr summary profile biography bio about selfintroduction introduction curriculumvitae resumehtml 简历 个人简历 简介 个人简介 自我介绍 自我评价 简历内容 履历 个人介绍 工作经历 主要成果 lebenslauf profil zusammenfassung vorstellung kurzprofil werdegang
nationality_region: nationality citizenship country countryofcitizenship nationalityregion countryregion 国籍 国家 国籍地区 国家地区 国家或地区 籍贯 staatsangehörigkeit nationalität staatsbürgerschaft land herkunftsland
wished_regions: wishedregions desiredlocation preferredlocation preferredlocations desiredcity targetcity wishedregion preferredregion locationpreference willingtorelocate 意向地区 意向城市 期望地点 期望地区 期望区域 期望城市 期望工作地 期望工作地点 意向工作地 目标城市 求职地区 wunschort wunschregion gewünschterort bevorzugteregion wunscharbeitsort gewünschteregion
wished_industries: wishedindustries desiredindustry preferredindustry targetindustry preferredindustries industry industries wishedindustry 意向行业 期望行业 目标行业 行业 所属行业 求职行业 意向领域 wunschbranche gewünschtebranche bevorzugtebranche branche branchen zielbranche
available_from: availablefrom availability startdate availablestarting earlieststart earlieststartdate available arrivaldate 到岗时间 可到岗时间 可入职时间 到岗日期 最早到岗 开始时间 可参会开始 抵达日期 verfügbarab verfügbarkeit frühestereintritt eintrittstermin frühesterbeginn verfügbarvon anreise
available_until: availableuntil availableto enddate until departuredate 结束时间 可参会结束 截止时间 离开日期 verfügbarbis bis abreise
time_zone: timezone tz utcoffset 时区 所在时区 zeitzone
mode: mode attendance participationmode attendancemode participation onlineoronsite format 参会方式 参加方式 参与方式 参会形式 线上线下 面试方式 teilnahmeart teilnahme teilnahmeform
consent: consent agreed agreement permission dataprotection privacy 同意 授权 同意授权 隐私授权 个人信息授权 einwilligung zustimmung datenschutz einverständnis
language: correspondencelanguage preferredlanguage contactlanguage languageofcorrespondence communicationlanguage 沟通语言 首选语言 联系语言 通讯语言 通信语言 korrespondenzsprache bevorzugtesprache kontaktsprache
"""

_ORGANISATION = """
source_id: id no number nr ref reference sourceid externalid organisationid organizationid companyid 编号 序号 单位编号 企业编号 公司编号 kennung nummer lfdnr laufendenummer firmennummer
name: name organisation organization company companyname organisationname organizationname companyfullname employer institution enterprise enterprisename 名称 公司 公司名称 企业名称 单位名称 机构名称 企业 单位 机构 全称 公司全称 名称中文 firma firmenname unternehmen unternehmensname organisationsname einrichtung
name_zh: namezh chinesename companynamechinese namechinese 中文名称 中文名 企业中文名称 chinesischername namechinesisch
name_en: nameen englishname companynameenglish nameenglish 英文名称 英文名 企业英文名称 englischername nameenglisch
name_de: namede germanname namegerman 德文名称 德语名称 deutschername namedeutsch
kind: kind type organisationtype organizationtype companytype category nature 类型 单位类型 机构类型 企业类型 单位性质 企业性质 公司性质 性质 类别 art typ organisationsart unternehmensart einrichtungsart rechtsform
registration_number: registrationnumber registrationno companyregistrationnumber taxid vatid vatnumber creditcode unifiedsocialcreditcode lei businessid uscc 统一社会信用代码 信用代码 注册号 工商注册号 组织机构代码 税号 社会信用代码 handelsregisternummer registernummer ustid steuernummer hrb umsatzsteuerid
country: country countryorregion countryregion countrycode countryofregistration registeredin 国家 国家地区 国家或地区 所在国家 注册国家 国别 land staat sitzland ländercode
region: region city location province district state area place 地区 城市 所在地 所在城市 所在地区 省份 省市 区域 所属地区 注册地 ort stadt standort bundesland bezirk sitz
address: address streetaddress officeaddress companyaddress street 地址 公司地址 单位地址 办公地址 详细地址 通讯地址 联系地址 adresse anschrift straße strasse firmenadresse
industry: industry industries sector industryfield businessfield field 行业 所属行业 行业领域 行业类别 产业 领域 主营业务 经营范围 branche branchen sektor wirtschaftszweig industrie
website: website url homepage web site link webpage 网站 网址 官网 主页 公司网站 官方网站 公司网址 webseite internetseite internet netz
size: size companysize employees headcount numberofemployees staff staffsize 规模 公司规模 企业规模 员工人数 人数 人员规模 单位规模 größe mitarbeiter mitarbeiterzahl unternehmensgröße beschäftigte mitarbeiteranzahl
description: description about profile introduction summary companyprofile companydescription 简介 公司简介 企业简介 单位简介 介绍 描述 公司介绍 公司信息 beschreibung profil firmenprofil unternehmensprofil kurzbeschreibung
contact_name: contactname contact contactperson contactpersonname representative delegate responsible 联系人 联系人姓名 负责人 对接人 代表 联络人 ansprechpartner kontakt kontaktperson ansprechperson vertreter
contact_email: contactemail email mail emailaddress contactmail 邮箱 联系邮箱 电子邮箱 联系人邮箱 电子邮件 kontaktemail emailadresse mailadresse
"""

_OPENING = """
source_id: id no number nr ref reference sourceid externalid jobid openingid positionid requisitionid jobreference 编号 序号 职位编号 岗位编号 需求编号 kennung nummer lfdnr stellennummer referenznummer
title: title jobtitle position positionname openingtitle job jobname role vacancy projecttitle projectname postname 职位 岗位 职位名称 岗位名称 招聘职位 招聘岗位 需求岗位 项目名称 课题名称 题目 职务 工作名称 stellentitel stelle stellenbezeichnung position jobtitel berufsbezeichnung titel projekttitel bezeichnung ausschreibung
organisation: organisation organization company companyname employer companyfullname organisationname organizationname institution enterprise hiringcompany 公司 公司名称 单位 单位名称 企业 企业名称 用人单位 招聘单位 公司全称 机构 机构名称 需求单位 firma unternehmen arbeitgeber firmenname einrichtung unternehmensname
kind: kind type jobtype openingtype employmenttype jobnature worktype nature 类型 职位类型 岗位类型 工作性质 性质 职位性质 工作类型 用工形式 招聘类型 art typ stellenart beschäftigungsart anstellungsart vertragsart arbeitszeit
description: description jobdescription positiondescription details requirements responsibilities duties jobdetail detail jobinfo jd 描述 职位描述 岗位描述 岗位信息 工作内容 职位信息 岗位职责 任职要求 职位详情 工作职责 岗位要求 职责描述 具体要求 beschreibung stellenbeschreibung aufgaben anforderungen tätigkeitsbeschreibung details
degree_required: degree degreerequired education requireddegree educationrequired educationlevel minimumdegree requirededucation qualification educationrequirement degreerequirement minimumeducation 学历 学历要求 最低学历 学位 学位要求 教育程度 学历学位要求 abschluss geforderterabschluss bildungsabschluss qualifikation mindestabschluss abschlusserforderlich ausbildung
experience_required: experience experiencerequired workexperience workyear workyears yearsofexperience requiredexperience experienceyears minimumexperience experiencelevel seniority 经验 经验要求 工作经验 工作年限 工作经验要求 年限要求 工作年限要求 从业年限 berufserfahrung erfahrung geforderteerfahrung jahreberufserfahrung
skills: skills skill requiredskills keywords tags skilllabels skilllables skillset labels positionlabels positionlables technologies competencies 技能 技能要求 技能标签 关键词 标签 职位标签 岗位标签 专业技能 专业要求 专业 所需专业 需求专业 fähigkeiten kenntnisse kompetenzen schlagworte anforderungsprofil
languages: languages language languagerequirements languageskills requiredlanguages languagerequirement 语言 语言要求 外语要求 外语 语言能力 sprachen sprachkenntnisse fremdsprachen sprachanforderungen
headcount: headcount seats vacancies numberofpositions positions openings quantity number count hires numberofopenings 人数 招聘人数 需求人数 招聘数量 名额 岗位数 需求数 招收人数 拟招人数 数量 anzahl stellenanzahl plätze anzahlstellen anzahlderstellen personen
pay: pay salary salaryrange wage compensation remuneration payrange income annualsalary monthlysalary salaries 薪资 薪酬 工资 月薪 年薪 待遇 薪水 薪资范围 薪资待遇 薪酬待遇 工资待遇 福利待遇 薪酬范围 gehalt lohn vergütung gehaltsspanne jahresgehalt verdienst bezahlung entgelt
region: region city location workplace place province joblocation worklocation area country town 地区 城市 工作地点 工作城市 工作地区 所在地 地点 工作地 所在城市 省份 区域 ort arbeitsort stadt standort einsatzort region bundesland
address: address workaddress officeaddress companyaddress street jobaddress 地址 公司地址 工作地址 详细地址 上班地址 单位地址 办公地址 adresse anschrift arbeitsadresse straße strasse
industry: industry sector industryfield category jobcategory field industries function 行业 所属行业 行业领域 分类 职位类别 产业 领域 行业类别 职位分类 branche sektor kategorie berufsfeld industrie
starts_on: startson startdate start begin begins beginning entrydate 开始日期 开始时间 入职时间 到岗时间 起始日期 beginn startdatum start eintrittsdatum eintritt
closes_on: closeson closingdate deadline enddate applicationdeadline applyby validuntil expires expirydate 截止日期 截止时间 结束日期 有效期 报名截止 申请截止 招聘截止 frist bewerbungsfrist bewerbungsschluss ende enddatum einsendeschluss
contact_email: contactemail email mail emailaddress applyemail applicationemail 邮箱 联系邮箱 电子邮箱 投递邮箱 简历投递邮箱 电子邮件 kontaktemail emailadresse bewerbungsemail
"""


def _parse(text: str) -> dict[str, tuple[str, ...]]:
    fields = {}
    for line in text.strip().splitlines():
        name, words = line.split(":", 1)
        fields[name] = tuple(dict.fromkeys([name.replace("_", ""), *words.casefold().split()]))
    return fields


#: Target -> field -> words, the likeliest first.
SYNONYMS: dict[Target, dict[str, tuple[str, ...]]] = {
    "talent": _parse(_TALENT),
    "organisation": _parse(_ORGANISATION),
    "opening": _parse(_OPENING),
}

#: Target -> its fields in the order of a form.
FIELDS: dict[Target, tuple[str, ...]] = {
    target: tuple(fields) for target, fields in SYNONYMS.items()
}

/// A dozen invented sentences a language, about the daily business of a biosafety authority.
enum Sentences {
  static func sentences(in language: Language) -> [String] {
    switch language {
    case .arabic: arabic
    case .chinese: chinese
    case .english: english
    case .french: french
    case .russian: russian
    case .spanish: spanish
    }
  }

  private static let english = [
    "The procedure is set out in the guidelines of 2009, which are under review.",
    "Applications are received by the ministry, checked for completeness, and passed to the committee.",
    "The term \"contained use\" is defined in the draft regulation.",
    "No application was received in the reporting period.",
    "Training was held in three provinces, with support from a regional project.",
    "See the answer to the previous question.",
    "Two laboratories can detect LMOs, one of them is being accredited.",
    "The committee meets twice a year; its minutes are public, except for confidential business information.",
    "A workshop on \"risk communication\" was held for customs officers, inspectors, and journalists.",
    "The budget is part of the general budget of the ministry, and cannot be shown separately.",
    "Steps taken:\n- a draft was prepared,\n- consultations were held,\n- the text awaits adoption.",
    "Information will be sent to the Clearing-House once the forms are complete.",
  ]

  private static let french = [
    "La procédure figure dans les lignes directrices de 2009, en cours de révision.",
    "Les demandes sont reçues par le ministère, vérifiées, puis transmises au comité.",
    "Le terme « utilisation en milieu confiné » est défini dans le projet de décret.",
    "Aucune demande n’a été reçue pendant la période considérée.",
    "Des formations ont eu lieu dans trois provinces, avec l’appui d’un projet régional.",
    "Voir la réponse à la question précédente.",
    "Deux laboratoires savent détecter les OVM, l’un d’eux est en voie d’accréditation.",
    "Le comité se réunit deux fois par an ; ses comptes rendus sont publics, sauf les données confidentielles.",
    "Un atelier sur la \"communication des risques\" a réuni douaniers, inspecteurs et journalistes.",
    "Le budget fait partie de celui du ministère, il ne peut être présenté à part.",
    "Mesures prises :\n- un projet de texte est prêt,\n- les consultations ont eu lieu,\n- l’adoption est attendue.",
    "Les informations seront transmises au Centre d’échange, dès que les formulaires seront complets.",
  ]

  private static let spanish = [
    "El procedimiento figura en las directrices de 2009, que están en revisión.",
    "Las solicitudes las recibe el ministerio, se comprueban y pasan al comité.",
    "El término \"uso confinado\" se define en el proyecto de reglamento.",
    "No se recibió ninguna solicitud en el período del informe.",
    "Hubo cursos en tres provincias, con apoyo de un proyecto regional.",
    "Véase la respuesta a la pregunta anterior.",
    "Dos laboratorios pueden detectar OVM, uno de ellos está en proceso de acreditación.",
    "El comité se reúne dos veces al año; sus actas son públicas, salvo la información confidencial.",
    "Se celebró un taller de \"comunicación de riesgos\" para aduanas, inspectores y periodistas.",
    "El presupuesto forma parte del general del ministerio, y no puede mostrarse por separado.",
    "Pasos dados:\n- se preparó un borrador,\n- hubo consultas,\n- el texto espera su aprobación.",
    "La información se enviará al Centro de Intercambio, cuando los formularios estén completos.",
  ]

  private static let russian = [
    "Порядок изложен в руководстве 2009 года, которое сейчас пересматривается.",
    "Заявки поступают в министерство, проверяются на полноту, затем передаются в комитет.",
    "Понятие \"использование в замкнутых системах\" определено в проекте положения.",
    "За отчётный период заявок не поступало.",
    "Учебные курсы прошли в трёх областях, при поддержке регионального проекта.",
    "См. ответ на предыдущий вопрос.",
    "Две лаборатории могут выявлять ЖИО, одна из них проходит аккредитацию.",
    "Комитет собирается дважды в год; протоколы открыты, кроме конфиденциальных сведений.",
    "Проведён семинар «Информирование о рисках», для таможенников, инспекторов и журналистов.",
    "Расходы входят в общий бюджет министерства, отдельно их показать нельзя.",
    "Сделано:\n- подготовлен проект,\n- проведены консультации,\n- текст ожидает утверждения.",
    "Сведения будут переданы в Механизм посредничества, когда формы будут заполнены.",
  ]

  private static let chinese = [
    "程序载于2009年的指南,目前正在修订。",
    "申请由主管部门受理,经形式审查后,转交委员会。",
    "“封闭使用”一词的定义见条例草案。",
    "报告期内没有收到申请。",
    "在三个省举办了培训,得到一个区域项目的支持。",
    "请参见上一个问题的答复。",
    "有两个实验室可以检测改性活生物体,其中一个正在申请认可。",
    "委员会每年召开两次会议,除保密信息外,会议记录对外公开。",
    "为海关、检查人员和记者举办了\"风险交流\"研讨会。",
    "经费列入部门总预算,无法单独列出。",
    "已采取的步骤:\n- 完成草案,\n- 征求意见,\n- 等待通过。",
    "表格填写完整后,将把信息提交给信息交换所。",
  ]

  private static let arabic = [
    "الإجراءات مبينة في المبادئ التوجيهية لعام 2009، وهي قيد المراجعة.",
    "تتلقى الوزارة الطلبات، وتتحقق من اكتمالها، ثم تحيلها إلى اللجنة.",
    "يرد تعريف مصطلح \"الاستخدام المعزول\" في مشروع اللائحة.",
    "لم يرد أي طلب خلال فترة الإبلاغ.",
    "عُقدت دورات تدريبية في ثلاث محافظات, بدعم من مشروع إقليمي.",
    "انظر الإجابة عن السؤال السابق.",
    "يستطيع مختبران كشف الكائنات الحية المحورة، وأحدهما قيد الاعتماد.",
    "تجتمع اللجنة مرتين في السنة؛ ومحاضرها متاحة، باستثناء المعلومات السرية.",
    "نُظمت حلقة عمل عن «الإبلاغ عن المخاطر», لموظفي الجمارك والمفتشين والصحفيين.",
    "الميزانية جزء من الميزانية العامة للوزارة، ولا يمكن عرضها منفصلة.",
    "الخطوات المتخذة:\n- أُعد مشروع نص,\n- أُجريت مشاورات,\n- النص في انتظار الاعتماد.",
    "سترسل المعلومات إلى غرفة تبادل المعلومات، عند اكتمال الاستمارات.",
  ]
}

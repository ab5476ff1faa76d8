"""Every table and column of a company: key, dtype, unit, Russian caption, meaning.

The one place that knows them. The data dictionary, exports, `show()`, loading
and the content hash are all made from here.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = ("сайт", "холодные", "реклама", "рекомендации", "не указан")
STAGES = ("Новая заявка", "Квалификация", "КП", "Переговоры", "Оплата")
PARKING = "Отложено"

# dtype kinds: how a value is stored in pandas, in files and in the content hash
INT, MONEY, PERCENT, FLAG, CATEGORY, TEXT, DATE, MOMENT = (
    "int",
    "money",
    "percent",
    "flag",
    "category",
    "text",
    "date",
    "moment",
)


@dataclass(frozen=True)
class Column:
    """One column. `references` is the «table.column» a foreign key points to."""

    name: str
    dtype: str
    caption: str
    meaning: str
    unit: str = ""
    nullable: bool = False
    references: str = ""
    values: tuple[str, ...] = ()
    label: bool = False  # made by Faker: no answer may depend on it


@dataclass(frozen=True)
class Table:
    """One table; `key` are the columns that identify a row."""

    name: str
    caption: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __getitem__(self, column: str) -> Column:
        return {c.name: c for c in self.columns}[column]

    @property
    def captions(self) -> dict[str, str]:
        return {c.name: c.caption for c in self.columns}


def _key(name: str, caption: str, meaning: str, references: str = "", nullable: bool = False):
    return Column(name, INT, caption, meaning, references=references, nullable=nullable)


def _cat(name: str, values: tuple[str, ...], caption: str, meaning: str, nullable: bool = False):
    return Column(name, CATEGORY, caption, meaning, values=values, nullable=nullable)


ROLES = ("оператор", "МОП-универсал", "старший", "РОП", "оператор заявок")
GRADES = ("менеджер", "специалист", "ведущий")
CITIES = (
    "Новосибирск",
    "Екатеринбург",
    "Казань",
    "Нижний Новгород",
    "Челябинск",
    "Самара",
    "Краснодар",
    "Пермь",
    "Воронеж",
    "Москва",
    "Санкт-Петербург",
)
CAMPAIGNS = (
    "Сайт: каталог",
    "Сайт: главная",
    "База холодная А",
    "База холодная Б",
    "Директ: поиск",
    "Директ: сети",
)
PRODUCT_LINES = ("расходники", "инструмент", "оборудование")
SEGMENTS = ("розница", "производство", "строительство", "сервис")
OPTIONS = ("хороший", "лучше", "самый лучший")
LOSS_REASONS = ("дорого", "выбрали другого", "нет бюджета", "не отвечает", "другое")
DISQUAL_REASONS = ("не наш профиль", "нет потребности", "нет бюджета", "не дозвонились")
ACTIVITY_TYPES = ("исходящий звонок", "входящий звонок", "встреча", "письмо", "КП")
RESULTS = ("разговор", "недозвон", "отправлено", "проведена")

TABLES: tuple[Table, ...] = (
    Table(
        "employees",
        "Сотрудники",
        "Отдел продаж: кто работает и кто уже ушёл.",
        ("employee_id",),
        (
            _key("employee_id", "Номер сотрудника", "Уникальный номер"),
            Column("fio", TEXT, "ФИО", "Фамилия, имя, отчество", label=True),
            _cat("role", ROLES, "Роль", "Чем занимается"),
            _cat("grade", GRADES, "Ступень", "Ступень продавца сейчас", nullable=True),
            _cat("city", CITIES, "Город", "Где работает"),
            Column("hired_on", DATE, "Принят", "День приёма на работу"),
            Column("left_on", DATE, "Ушёл", "День увольнения; пусто — работает", nullable=True),
            _key(
                "manager_id",
                "Руководитель",
                "Номер непосредственного руководителя",
                "employees.employee_id",
                nullable=True,
            ),
            Column("base_salary", MONEY, "Оклад", "Оклад в месяц до налога", "₽ в месяц"),
            Column("is_reserve", FLAG, "В резерве", "В кадровом резерве"),
        ),
    ),
    Table(
        "leads",
        "Заявки",
        "Одна строка — одна заявка: откуда пришла, кто и когда первым ответил.",
        ("lead_id",),
        (
            _key("lead_id", "Номер заявки", "Уникальный номер"),
            Column("created_at", MOMENT, "Создана", "Когда заявка попала в CRM"),
            _cat("source", SOURCES, "Источник", "Откуда пришла; «не указан» — поле не заполнили"),
            _cat("campaign", CAMPAIGNS, "Кампания", "Рекламная кампания или база", nullable=True),
            Column(
                "first_contact_at",
                MOMENT,
                "Первый контакт",
                "Когда продавец впервые связался",
                nullable=True,
            ),
            _key(
                "owner_id",
                "Ответственный",
                "Кому заявка досталась при создании",
                "employees.employee_id",
            ),
            Column("is_qualified", FLAG, "Квалифицирована", "Дошла ли до квалификации"),
            _cat("disqual_reason", DISQUAL_REASONS, "Причина отсева", "Почему отсеяли", True),
            _cat("mark", ("дубль", "тест"), "Пометка", "Дубль или тестовая заявка", True),
            _key("duplicate_of", "Дубль заявки", "Номер первой заявки", "leads.lead_id", True),
        ),
    ),
    Table(
        "deals",
        "Сделки",
        "Сделки в CRM: по каждой заявке одна, и ещё КП действующим клиентам (без номера заявки).",
        ("deal_id",),
        (
            _key("deal_id", "Номер сделки", "Уникальный номер"),
            _key("lead_id", "Номер заявки", "Пусто у КП клиентам базы", "leads.lead_id", True),
            _key(
                "client_id",
                "Номер клиента",
                "Пусто, пока не купил",
                "clients.client_id",
                True,
            ),
            _key(
                "owner_id",
                "Ответственный сейчас",
                "Кто ведёт сделку на дату выгрузки",
                "employees.employee_id",
            ),
            Column("created_at", MOMENT, "Создана", "Когда сделка заведена"),
            Column("closed_at", MOMENT, "Закрыта", "Когда оплачена или потеряна", nullable=True),
            _cat(
                "status",
                ("открыта", "оплачена", "потеряна"),
                "Статус",
                "Состояние на дату выгрузки",
            ),
            _cat("stage", (*STAGES, PARKING), "Этап сейчас", "Этап на дату выгрузки"),
            Column("amount", MONEY, "Бюджет", "Сумма до скидки, без НДС", "₽", nullable=True),
            Column("cost", MONEY, "Себестоимость", "Себестоимость проданного", "₽", nullable=True),
            Column("gp", MONEY, "ВП", "Валовая прибыль оплаченной сделки", "₽", nullable=True),
            Column("discount_pct", PERCENT, "Скидка", "Скидка от суммы", "%", nullable=True),
            _cat("product_line", PRODUCT_LINES, "Направление", "Товарное направление", True),
            Column("is_first_purchase", FLAG, "Первая покупка", "Сделка с новым клиентом"),
            _cat("loss_reason", LOSS_REASONS, "Причина отказа", "Как её записал продавец", True),
            Column("n_options", INT, "Вариантов в КП", "Одна цена или три", "шт.", nullable=True),
            Column("price_good", MONEY, "Цена: хороший", "Цена младшего варианта", "₽", True),
            Column("price_better", MONEY, "Цена: лучше", "Цена среднего варианта", "₽", True),
            Column("price_best", MONEY, "Цена: самый лучший", "Цена старшего варианта", "₽", True),
            _cat("option_chosen", OPTIONS, "Выбранный вариант", "Что купили", True),
            Column("price_named", FLAG, "Цена названа", "Назвал ли продавец цену вслух", "", True),
            Column("price_named_at", MOMENT, "Когда названа цена", "Момент разговора", "", True),
            Column(
                "expected_close",
                DATE,
                "Ожидаемая оплата",
                "Дата, которую поставил продавец",
                "",
                True,
            ),
            Column(
                "seller_forecast",
                FLAG,
                "В прогнозе продавца",
                "Обещает ли продавец оплату",
                "",
                True,
            ),
            _cat("tag", ("пилот", "акция"), "Тег", "Тег сделки", True),
        ),
    ),
    Table(
        "stage_history",
        "История этапов",
        "Каждый вход сделки на этап. Отсюда, а не из текущего этапа, видно, до чего сделка дошла.",
        ("deal_id", "entered_at", "stage"),
        (
            _key("deal_id", "Номер сделки", "Сделка", "deals.deal_id"),
            _cat("stage", (*STAGES, PARKING), "Этап", "На какой этап вошла"),
            Column("entered_at", MOMENT, "Вошла", "Когда вошла на этап"),
            Column(
                "left_at", MOMENT, "Вышла", "Когда ушла с этапа; пусто — стоит на нём", "", True
            ),
            _key("moved_by", "Кто передвинул", "Сотрудник", "employees.employee_id"),
        ),
    ),
    Table(
        "activities",
        "Действия",
        "Звонки, встречи, письма и отправленные КП.",
        ("activity_id",),
        (
            _key("activity_id", "Номер действия", "Уникальный номер"),
            _cat("type", ACTIVITY_TYPES, "Действие", "Что сделано"),
            _key("employee_id", "Сотрудник", "Кто сделал", "employees.employee_id"),
            _key("lead_id", "Номер заявки", "По какой заявке", "leads.lead_id", True),
            _key("deal_id", "Номер сделки", "По какой сделке", "deals.deal_id", True),
            _key("client_id", "Номер клиента", "С каким клиентом", "clients.client_id", True),
            Column("at", MOMENT, "Когда", "Момент действия"),
            Column("duration_sec", INT, "Длительность", "Сколько длилось", "с", True),
            _cat("result", RESULTS, "Итог", "Чем кончилось"),
        ),
    ),
    Table(
        "clients",
        "Клиенты",
        "Карточки клиентов: кто купил хотя бы раз.",
        ("client_id",),
        (
            _key("client_id", "Номер клиента", "Уникальный номер"),
            Column("name", TEXT, "Название", "Название фирмы", label=True),
            Column("inn", TEXT, "ИНН", "ИНН; учебный, ничей", "", True, label=True),
            _cat("segment", SEGMENTS, "Сегмент", "Чем занимается клиент", True),
            _cat("city", CITIES, "Город", "Где клиент"),
            _key("owner_id", "Ответственный", "Кто ведёт сейчас", "employees.employee_id"),
            _key("hunter_id", "Привёл", "Кто сделал первую продажу", "employees.employee_id", True),
            _key("farmer_id", "Ведёт", "Кому передали", "employees.employee_id", True),
            Column("handed_over_at", DATE, "Передан", "Когда передали", "", True),
            Column("first_order_at", DATE, "Первый заказ", "Дата первого заказа"),
            Column("contact_name", TEXT, "ЛПР", "Кто решает", "", True, label=True),
            _cat(
                "contact_position",
                ("директор", "закупщик", "главный инженер", "снабженец"),
                "Должность ЛПР",
                "Кем работает",
                True,
            ),
            Column("phone", TEXT, "Телефон", "Телефон, как его записали", "", True, label=True),
            Column("email", TEXT, "Почта", "Электронная почта", "", True, label=True),
            _cat("product_interest", PRODUCT_LINES, "Интерес", "Что покупает", True),
            Column("purchase_cycle_days", INT, "Цикл покупки", "Как часто покупает", "дн.", True),
            _cat(
                "agreements",
                ("отсрочка", "скидка", "рассрочка"),
                "Договорённости",
                "Что обещали",
                True,
            ),
            Column("next_contact_on", DATE, "Следующий контакт", "Когда связаться", "", True),
            Column("consent_pd", FLAG, "Согласие на ПДн", "Есть ли согласие на обработку данных"),
        ),
    ),
    Table(
        "orders",
        "Заказы",
        "Заказы клиентов. Оборот считаем по отгрузке, деньги и ВП для бонусов — по оплате.",
        ("order_id",),
        (
            _key("order_id", "Номер заказа", "Уникальный номер"),
            _key("client_id", "Номер клиента", "Кто заказал", "clients.client_id"),
            _key("owner_id", "Продавец", "Чей заказ", "employees.employee_id"),
            _key("deal_id", "Номер сделки", "По какому КП; пусто — без КП", "deals.deal_id", True),
            Column("ordered_at", DATE, "Заказан", "День заказа"),
            Column("shipped_at", DATE, "Отгружен", "День отгрузки", "", True),
            Column("paid_at", DATE, "Оплачен", "День оплаты", "", True),
            _cat(
                "channel_in",
                ("звонок клиента", "письмо", "сайт", "от продавца"),
                "Канал",
                "Как пришёл",
            ),
            Column("revenue", MONEY, "Выручка", "Сумма без НДС после скидки", "₽"),
            Column("cogs", MONEY, "Себестоимость", "Себестоимость", "₽"),
            Column("gp", MONEY, "ВП", "Валовая прибыль: выручка минус себестоимость", "₽"),
            Column("is_repeat", FLAG, "Повторный", "Не первый заказ клиента"),
            Column("basket_hash", INT, "Корзина", "Одинаковый номер — тот же состав заказа"),
        ),
    ),
    Table(
        "payroll",
        "Зарплата",
        "Что начислено продавцам по месяцам. База бонуса — оплаченные заказы месяца.",
        ("employee_id", "month"),
        (
            _key("employee_id", "Сотрудник", "Кому", "employees.employee_id"),
            Column("month", DATE, "Месяц", "Первое число месяца"),
            Column("base_paid", MONEY, "Оклад", "Начисленный оклад", "₽"),
            Column("bonus_paid", MONEY, "Бонус", "Начисленный бонус", "₽"),
            Column("total", MONEY, "Всего", "Оклад и бонус до налога", "₽"),
            Column("plan_gp", MONEY, "План ВП", "План по валовой прибыли", "₽"),
            Column("fact_gp", MONEY, "ВП", "Валовая прибыль по оплатам", "₽"),
            Column("fact_revenue", MONEY, "Выручка", "Выручка по оплатам", "₽"),
            Column("days_worked", INT, "Отработано", "Рабочих дней", "дн."),
        ),
    ),
    Table(
        "plans",
        "Планы",
        "Планы продаж по месяцам.",
        ("employee_id", "month"),
        (
            _key("employee_id", "Сотрудник", "Чей план", "employees.employee_id"),
            Column("month", DATE, "Месяц", "Первое число месяца"),
            Column("plan_revenue", MONEY, "План по обороту", "План по отгрузкам", "₽"),
            Column("plan_gp", MONEY, "План по ВП", "План по валовой прибыли", "₽"),
        ),
    ),
    Table(
        "market_salary",
        "Зарплаты на рынке",
        "Полный доход продавца на рынке, до налога; учебные цифры.",
        ("city", "grade"),
        (
            _cat("city", CITIES, "Город", "Город"),
            _cat("role", ROLES, "Роль", "Роль"),
            _cat("grade", GRADES, "Ступень", "Ступень"),
            Column("p25", MONEY, "Нижняя четверть", "Четверть рынка получает меньше", "₽ в месяц"),
            Column("median", MONEY, "Медиана", "Половина рынка получает меньше", "₽ в месяц"),
            Column("p75", MONEY, "Верхняя четверть", "Четверть рынка получает больше", "₽ в месяц"),
            _cat("source", ("обзор вакансий (учебный)",), "Откуда", "Источник"),
            Column("as_of", DATE, "На дату", "Когда собрано"),
        ),
    ),
    Table(
        "calendar",
        "Календарь",
        "Производственный календарь.",
        ("date",),
        (
            Column("date", DATE, "Дата", "День"),
            Column("is_workday", FLAG, "Рабочий день", "Рабочий ли день"),
            Column("holiday_name", TEXT, "Праздник", "Название праздника", "", True),
        ),
    ),
    Table(
        "pnl",
        "Прибыли и убытки",
        "Деньги фирмы по месяцам, по оплатам.",
        ("month",),
        (
            Column("month", DATE, "Месяц", "Первое число месяца"),
            Column("revenue", MONEY, "Выручка", "Оплачено клиентами", "₽"),
            Column("cogs", MONEY, "Себестоимость", "Себестоимость оплаченного", "₽"),
            Column("gp", MONEY, "ВП", "Валовая прибыль", "₽"),
            Column("payroll_mop", MONEY, "ФОТ продавцов", "Начислено продавцам", "₽"),
            Column("payroll_other", MONEY, "ФОТ остальных", "Начислено остальным", "₽"),
            Column("marketing", MONEY, "Маркетинг", "Расходы на рекламу", "₽"),
            Column("rent", MONEY, "Аренда", "Офис и склад", "₽"),
            Column("other", MONEY, "Прочее", "Прочие расходы", "₽"),
        ),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

"""Our Faker provider: neutral Russian firms and people of working age.

Faker's own `company()` returns real brands and its `first_name` archaic names, so both
lists are ours; surnames are Faker's and agree in gender.
"""

from __future__ import annotations

from faker.generator import Generator
from faker.providers.person.ru_RU import Provider as People

# Stem + trade makes a name: «Волгоснаб», «Дельтаресурс Опт».
STEMS = (
    "Авиа Агро Алта Амур Ангар Бело Вега Верто Волго Восток Гамма Гранд Дельта Дон Евро Енисей "
    "Запад Зеле Инва Инте Кама Карел Квант Кубань Кузнец Ладо Лекс Люкс Мега Меридиан "
    "Модуль Неви Новос Обь Окси Омега Опти Орион Пермь Поли Прайм Примор Про Профи Радиус "
    "Ратибор Регион Рубеж Сато Север Селен Сиби Синтез Союз Спектр Старт Стил Тагил Техно Тобол "
    "Трансо Триада Урал Фаворит Форте Центр Экто Эльба Энерго Юж Юнит Ярус"
).split()
TRADES = (
    "база бетон блок вектор дом инвент инжиниринг канал комплект контракт крепёж лайн логист "
    "маркет материал механика монтаж обеспечение опт оснастка партнёр пласт плюс подряд "
    "поставка прибор пром профиль ремонт ресурс резерв сбыт сервис система склад смета снаб "
    "стандарт строй тара терминал тех торг трейд трест узел упак формат цех "
    "шина щит экспресс элемент"
).split()
SURNAMES_UNFIT = frozenset({"Дураков", "Пестов"})
MALE = (
    "Александр Алексей Анатолий Андрей Антон Артём Борис Вадим Валентин Валерий Василий Виктор "
    "Виталий Владимир Вячеслав Геннадий Георгий Глеб Григорий Даниил Денис Дмитрий Евгений Егор "
    "Иван Игорь Илья Кирилл Константин Лев Леонид Максим Марат Матвей Михаил Никита Николай Олег "
    "Павел Пётр Роман Руслан Сергей Станислав Степан Тимур Фёдор Юрий Ярослав"
).split()
FEMALE = (
    "Алина Алла Анастасия Анна Валентина Валерия Варвара Вера Вероника Виктория Галина Дарья "
    "Диана Евгения Екатерина Елена Елизавета Жанна Инна Ирина Карина Кира Ксения Лариса Лидия "
    "Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга Полина Раиса Светлана "
    "София Таисия Тамара Татьяна Ульяна Элина Юлия Яна"
).split()
PATRONYMICS = (  # + «ич» or «на»
    "Александров Алексеев Анатольев Андреев Антонов Борисов Вадимов Валентинов Валерьев Васильев "
    "Викторов Витальев Владимиров Вячеславов Геннадьев Георгиев Григорьев Денисов Дмитриев "
    "Евгеньев Егоров Иванов Игорев Константинов Леонидов Максимов Михайлов Николаев Олегов "
    "Павлов Петров Романов Русланов Сергеев Станиславов Степанов Тимуров Фёдоров Юрьев Ярославов"
).split()


class SalesProvider(People):
    """Firms and people for a sales department."""

    def firm(self) -> str:
        """A neutral firm name without its legal form: «Волгоснаб», «Дельта Ресурс»."""
        stem = self.random_element(STEMS)
        trades = self.random_elements(TRADES, length=2, unique=True)
        joined = stem.rstrip("ь") + trades[0]
        if self.generator.random.random() < 0.55:
            return joined
        return f"{joined} {trades[1].capitalize()}"

    def man(self) -> str:
        """Surname, name and patronymic of a man."""
        return f"{self._surname('male')} {self.random_element(MALE)} {self._patronymic('ич')}"

    def woman(self) -> str:
        """Surname, name and patronymic of a woman."""
        return f"{self._surname('female')} {self.random_element(FEMALE)} {self._patronymic('на')}"

    def _patronymic(self, ending: str) -> str:
        return self.random_element(PATRONYMICS) + ending

    def _surname(self, sex: str) -> str:
        while True:
            surname = self.last_name_male() if sex == "male" else self.last_name_female()
            if surname not in SURNAMES_UNFIT:
                return surname


def sales_faker(seed: int) -> Generator:
    """A seeded generator with our provider only: loading every locale takes a second."""
    fake = Generator()
    fake.add_provider(SalesProvider(fake))
    fake.seed_instance(seed)
    return fake

"""Figures say their conclusion, show what they were given and keep their text inside."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Lead, firm, paid, shop, upto, with_deals

from salescourse import charts, funnel, ladder, measures, motivation
from salescourse.charts.ladder import LETTER, TALL, beside
from salescourse.charts.picture import ACCENT
from salescourse.company import Company
from salescourse.errors import StudentError

NBSP = "\u00a0"
COSTS = {"закупка": 40_000, "доставка": 5_000}
LONG = "круглосуточное реагирование с выездом бригады и подменным оборудованием"
SCHEME = motivation.PayPlan(base=32_000, rate=48_000 / 880_000, plan_gp=880_000)
CLIFF = replace(SCHEME, threshold=1.0)
MONTHS = ["2026-01"]


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def lead(owner: int, stage: str, source: str = "сайт", **other) -> Lead:
    return Lead(source, owner, "2026-01-15", upto(stage) if stage else (), **other)


@pytest.fixture
def company() -> Company:
    """Ивановой: 60 qualified, 12 with a quote. Петрову: 60 and 48, of which 6 paid 10 000 each."""
    leads = [lead(1, "КП")] * 12 + [lead(1, "Квалификация")] * 48
    leads += [paid("сайт", 2, "2026-01-15", "2026-02-20", 10_000)] * 6
    leads += [lead(2, "КП")] * 42 + [lead(2, "Квалификация")] * 12
    return firm(leads, "2026-09-28")


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


def drawn(demo: Company) -> dict[str, charts.Picture]:
    months = measures.mature(demo, 12)
    a, b = funnel.simpson_pair(demo)
    return {
        "leads": charts.leads(demo),
        "same_month": charts.same_month(demo),
        "cohorts": charts.cohorts(demo),
        "funnel": charts.funnel(demo, months),
        "stage": charts.stage(demo, "КП", "owner_id", months),
        "stage of campaigns": charts.stage(demo, "Квалификация", "campaign", months),
        "leaks": charts.leaks(demo, "owner_id", months),
        "leaks of campaigns": charts.leaks(demo, "campaign", months),
        "simpson": charts.simpson(demo, a, b, months),
        "speed": charts.speed(demo, months),
        "zombies": charts.zombies(demo),
        "price_named": charts.price_named(demo, months),
        "lead_quality": charts.lead_quality(demo, months),
        "loss_reasons": charts.loss_reasons(demo, months),
        "naming": charts.naming(demo, 50_000),
        "waterfall": charts.waterfall(60_000, COSTS, discount=5),
        "waterfall at a loss": charts.waterfall(60_000, {"закупка": 70_000}),
        "discounts": charts.discounts(demo),
        "pilot": charts.pilot(demo, "quote"),
        "pilot of revenue": charts.pilot(demo, "sale", "revenue"),
        "shares": charts.shares(demo, 55_000, 69_000, 98_000),
        "price_sheet": charts.price_sheet(55_000, 69_000, 98_000),
        "price_sheet of the seller": charts.price_sheet(55_000, 69_000, 98_000, company=demo),
        "price_sheet of long words": charts.price_sheet(
            1_550_000, 2_690_000, 12_980_000, contents={"Сопровождение": [LONG] * 3}
        ),
        "pay_share": charts.pay_share(SCHEME, 0.10),
        "pay_share of a dear scheme": charts.pay_share(replace(SCHEME, base=50_000), 0.10),
        "pay_mix": charts.pay_mix(SCHEME),
        "pay_curve": charts.pay_curve({"порог": CLIFF, "без порога": SCHEME}),
        "pay_curve without a cliff": charts.pay_curve(SCHEME),
        "pay_change": charts.pay_change(demo, SCHEME, motivation.full_months(demo, 12)),
        "pay_people": charts.pay_people(demo, CLIFF),
        "pay_move": charts.pay_move(demo, SCHEME, "2026-10-01"),
        **drawn_of_ladder(demo),
    }


def drawn_of_ladder(demo: Company) -> dict[str, charts.Picture]:
    half, year = motivation.full_months(demo, 6), motivation.full_months(demo, 12)
    rungs = ladder.draft(demo)
    return {
        "best_month": charts.best_month(demo, half, 0.6),
        "turnover_and_gp": charts.turnover_and_gp(demo, half, 6e6, 1.2e6),
        "ladder": charts.ladder(demo, rungs),
        "base_and_new": charts.base_and_new(demo, year),
        "compa": charts.compa(demo, year, demo.city, "total", "median"),
        "leading": charts.leading(demo, 2, True, "new"),
        "leading in the same month": charts.leading(demo, 0, False, "all"),
        "tenure": charts.tenure(demo),
        "wall": charts.wall(rungs),
    }


@pytest.fixture(scope="module")
def pictures(demo) -> dict[str, charts.Picture]:
    return drawn(demo)


# What a figure says -------------------------------------------------------------------------


def test_the_funnel_tells_how_many_of_a_hundred_pay_and_draws_shares_of_all_leads(company):
    picture = charts.funnel(company, MONTHS)
    assert plain(picture.title) == "Из 100 лидов до оплаты доходят 5"
    widths = [round(bar.get_width(), 1) for bar in picture.figure.axes[0].patches]
    assert widths == [100.0, 100.0, 50.0, 5.0, 5.0]


def test_the_funnel_of_all_months_warns_that_some_are_still_open(company):
    assert "ещё открыты" in charts.funnel(company).title


def test_a_stage_names_who_passes_worse_than_the_others_on_the_same_leads(company):
    picture = charts.stage(company, "КП", "owner_id", MONTHS)
    assert plain(picture.title) == (
        "Квалификация → КП: Иванова А. П. — 20 %, у остальных на таких же лидах 80 %"
    )
    first, second = picture.figure.axes[0].patches
    assert (first.get_width(), second.get_width()) == (pytest.approx(20), pytest.approx(80))
    assert to_hex(first.get_facecolor()) == ACCENT != to_hex(second.get_facecolor())


def test_a_stage_where_nobody_differs_beyond_chance_accuses_nobody(company):
    picture = charts.stage(company, "Переговоры", "owner_id", MONTHS)
    assert "в пределах случайной" in plain(picture.title)
    colours = {to_hex(bar.get_facecolor()) for bar in picture.figure.axes[0].patches}
    assert ACCENT not in colours


def test_the_map_of_losses_tells_the_dearest_cell_and_its_price(company):
    # 60 leads × (80 % − 20 %) × 6 paid of 60 with a quote × 10 000 ₽ / 1 month
    picture = charts.leaks(company, "owner_id", MONTHS)
    assert plain(picture.title) == (
        "Дороже всего Иванова А. П., Квалификация → КП: 36 тыс. ₽ ВП в месяц, "
        "остальное рядом с этим мелочь"
    )
    assert picture.numbers.loc[f"Иванова{NBSP}А.{NBSP}П.", "Квалификация → КП"] == 36_000
    accents = [p for p in picture.figure.axes[0].patches if to_hex(p.get_facecolor()) == ACCENT]
    assert [(p.get_x(), p.get_y()) for p in accents] == [(0.5, -0.5)]


def test_the_map_of_losses_of_a_level_department_accuses_nobody():
    level = firm([lead(1, "КП"), lead(2, "КП"), lead(1, ""), lead(2, "")] * 40, "2026-09-28")
    assert "Явной утечки нет" in charts.leaks(level, "owner_id", MONTHS).title


def test_the_mix_of_sources_turns_the_two_over():
    """By all leads Иванова 26 of 50 against 14 of 50; within both sources Петров is ahead."""
    counts = [(1, "рекомендации", 24, 40), (1, "холодные", 2, 10)]
    counts += [(2, "рекомендации", 7, 10), (2, "холодные", 10, 40)]
    leads = []
    for owner, source, won, n in counts:
        leads += [paid(source, owner, "2026-01-15", "2026-02-20", 1000)] * won
        leads += [lead(owner, "", source)] * (n - won)
    picture = charts.simpson(firm(leads, "2026-09-28"), "Иванова", "Петров")
    assert plain(picture.title) == (
        "По всем лидам впереди Иванова А. П., а внутри источников чаще Петров О. И.: в 2 из 2"
    )
    heights = [round(bar.get_height()) for bar in picture.figure.axes[0].patches]
    assert heights == [52, 20, 60, 34, 25, 70]


def test_the_month_where_the_short_cut_misleads_most_is_in_the_title(pictures, demo):
    rows = funnel.by_month(demo)
    rows = rows[rows["mature"]].iloc[3:]
    month = (rows["ratio"] - rows["cohort"]).idxmax()
    title = plain(pictures["same_month"].title)
    assert title.startswith(f"{['Январь', 'Февраль'][month.month - 1]} {month.year}")


def test_months_that_are_not_mature_are_drawn_apart(pictures, demo):
    paid_bars = pictures["cohorts"].figure.axes[0].patches
    colours = [to_hex(bar.get_facecolor()) for bar in paid_bars]
    mature = int(funnel.by_month(demo)["mature"].sum())
    assert colours[:mature] == [ACCENT] * mature
    assert ACCENT not in colours[mature:]


def rung(turnover: float, gp: float) -> ladder.Rung:
    return ladder.Rung(turnover, gp, 40_000, 60_000)


def test_two_norms_name_whoever_holds_turnover_alone(demo):
    half = motivation.full_months(demo, 6)
    rows = ladder.typical(demo, half, 0.6, "median")
    poorest = rows["margin"].idxmin()
    picture = charts.turnover_and_gp(demo, half, 6e6, 1.2e6)
    assert plain(picture.title) == (
        f"Оборот от 6 млн ₽ держат 3 из 9, а ВП от 1,2 млн ₽ из них — 2; не держит {plain(poorest)}"
    )
    assert charts.turnover_and_gp(demo, half, 6e6, 1e5).title.endswith("— 3")


def test_norms_may_be_typed_as_in_excel_and_the_title_repeats_them(demo):
    half = motivation.full_months(demo, 6)
    typed = charts.turnover_and_gp(demo, half, "6 490 000 ₽", "1,34 млн")
    assert plain(typed.title).startswith("Оборот от 6,49 млн ₽ держат")
    assert "ВП от 1,34 млн ₽" in plain(typed.title)
    assert typed.title == charts.turnover_and_gp(demo, half, 6.49e6, 1.34e6).title
    with pytest.raises(StudentError, match="не понял число «много»"):
        charts.turnover_and_gp(demo, half, "много", 1e6)


def test_several_below_the_norm_are_told_of_in_the_plural(demo):
    half = motivation.full_months(demo, 6)
    assert "; не держат " in charts.turnover_and_gp(demo, half, 1, 1e6).title


def test_names_beside_points_lie_on_no_point_and_on_no_other_name():
    at = np.array([[0.40, 0.15], [0.42, 0.15], [0.43, 0.09], [0.50, 0.11], [0.28, 0.11], [0, 0]])
    letters = [12, 13, 11, 15, 15, 14]
    low = beside(at, letters)
    high = low + np.column_stack([LETTER * np.array(letters), np.full(len(at), TALL)])
    for k in range(len(at)):
        assert not ((at > low[k]) & (at < high[k])).all(1).any()
        over = ((low < high[k]) & (high > low[k])).all(1)
        assert over.sum() == 1 and over[k]


def test_points_of_the_ladder_are_the_ordinary_months(demo):
    rows = ladder.placement(demo, ladder.draft(demo))
    picture = charts.ladder(demo, ladder.draft(demo))
    drawn_points = picture.figure.axes[0].collections[0].get_offsets()
    assert sorted(x for x, _ in drawn_points) == pytest.approx(sorted(rows["turnover"] / 1e6))
    counts = rows["rung"].value_counts()
    assert f"ведущий — {counts['ведущий']}" in picture.title


def test_the_proof_of_an_indicator_warns_of_results_and_of_the_same_month(demo):
    assert "но это уже результат" in charts.leading(demo, 0, True, "new").title
    lagged = charts.leading(demo, 2, True, "new")
    assert plain(lagged.title) == "Выше всего связь с ВП следующих 2 мес.: КП отправлено, r 0,52"
    accents = [p for p in lagged.figure.axes[0].patches if to_hex(p.get_facecolor()) == ACCENT]
    assert len(accents) == 1


def test_tenure_tells_everybody_and_the_leavers_apart(demo):
    assert plain(charts.tenure(demo).title) == (
        "Год дорабатывают 77 %; если смотреть только на ушедших, вышло бы 50 %"
    )


def test_the_wall_shows_every_rung_with_its_norms():
    rungs = ladder.Ladder((rung(2e6, 6e5), rung(4e6, 8.5e5), rung(5.5e6, 1.1e6)))
    words = [plain(t.get_text()) for t in charts.wall(rungs).figure.findobj(mpl.text.Text)]
    for needed in ("Менеджер", "Специалист", "Ведущий", "от 850 тыс. ₽ в месяц", "сюда берут"):
        assert needed in words


def test_names_go_to_the_side_where_no_neighbour_stands():
    from salescourse.charts.ladder import sides

    x, y = np.array([0.30, 0.35, 0.35, 0.9]), np.array([0.5, 0.51, 0.9, 0.5])
    assert sides(x, y).tolist() == [-1, 1, 1, 1]


def test_a_seller_silent_about_dear_prices_stands_out():
    def quotes(owner, amount, *named):
        return [
            {"owner_id": owner, "status": "потеряна", "amount": amount, "price_named": bool(said)}
            for said in named
        ]

    rows = quotes(1, 20_000, 1, 1, 1, 1) + quotes(2, 20_000, 1, 1, 1, 1)
    rows += quotes(1, 90_000, 1, 0, 0, 0) + quotes(2, 90_000, 1, 1, 1, 1)
    picture = charts.naming(with_deals([lead(1, "")], rows), 50_000)
    assert plain(picture.title) == (
        "Дороже 50 000 ₽ о цене часто молчит 1 продавец: называют в 25 % КП, а до порога — в 100 %"
    )
    first, second = (t for t in picture.figure.axes[0].get_yticklabels())
    assert (first.get_color(), second.get_color() == ACCENT) == (ACCENT, False)


def test_the_waterfall_tells_what_a_discount_takes_of_the_profit():
    """60 less 45 is 15; 5 % of 60 is 3, a fifth of it."""
    picture = charts.waterfall(60_000, COSTS, discount=5)
    assert plain(picture.title) == (
        "Из 60 000 ₽ цены остаётся 12 000 ₽ валовой прибыли; скидка 5 % забрала 3 000 ₽, "
        "20 % прибыли без неё"
    )
    bars = picture.figure.axes[0].patches
    assert [round(b.get_width()) for b in bars] == [60_000, 3_000, 40_000, 5_000, 12_000]
    assert [round(b.get_x()) for b in bars] == [0, 57_000, 17_000, 12_000, 0]


@pytest.mark.parametrize(
    ("one", "three", "said"),
    [
        (4, (2, 6, 2), "на 2 500 ₽ больше, интервал накрывает ноль"),  # 8 000 and 10 500 a quote
        (8, (1, 1, 1), "меньше, интервал весь ниже нуля"),
        (1, (1, 1, 18), "больше, интервал весь выше нуля"),
    ],
)
def test_the_pilots_figure_says_where_its_interval_lies(one, three, said):
    assert said in plain(charts.pilot(shop(one, three), "quote").title)


def test_the_shares_are_drawn_with_the_middles_effect_and_without():
    picture = charts.shares(shop(), 65_000, 90_000, 140_000)
    bars = picture.figure.axes[0].patches
    assert [round(b.get_height()) for b in bars[4:]] == [10, 30, 10, 50]  # as in the pilot
    assert "с эффектом середины — 50 % и 10 500 ₽" in plain(picture.title)


def test_the_clients_sheet_keeps_cost_and_profit_to_itself():
    client, seller = (
        charts.price_sheet(65_000, 90_000, 140_000, company=c) for c in (None, shop())
    )

    def words(picture):
        return " ".join(t.get_text() for t in picture.figure.findobj(mpl.text.Text))

    for secret in ("Себестоимость", "ВП", "Маржа", "13\u00a0000"):
        assert secret not in words(client) + str(client) and secret in words(seller)
    assert "клиенту этот лист не показываем" in words(seller)
    assert all(plain(p) in plain(words(client)) for p in ("65 000 ₽", "90 000 ₽", "140 000 ₽"))


def test_a_price_sheet_prints_on_a_page(tmp_path):
    """A4 lying on its side, as vectors."""
    for company in (None, shop()):
        sheet = charts.price_sheet(65_000, 90_000, 140_000, company=company)
        width, height = sheet.figure.get_size_inches()
        assert width <= 11.7 and height <= 8.3
        sheet.figure.savefig(tmp_path / "Прайс.pdf")
        assert (tmp_path / "Прайс.pdf").read_bytes().startswith(b"%PDF")


# Pay ------------------------------------------------------------------------------------------


def test_the_share_says_from_where_the_cap_holds_or_where_it_breaks():
    holds = charts.pay_share(SCHEME, 0.10)
    assert plain(holds.title) == "Предел 10 % держится с 80 % плана; ниже оклад уже дорог"
    # 40 000 + 6 % of 640 000, of 640 000
    broken = charts.pay_share(motivation.PayPlan(40_000, 0.06, 800_000), 0.10)
    assert plain(broken.title) == "Предел 10 % пробит: на 80 % плана оплата забирает 12,2 % ВП"
    with pytest.raises(StudentError, match=r"0\.10"):
        charts.pay_share(SCHEME, 10)


def test_the_mix_is_drawn_as_base_and_bonus_of_each_attainment():
    picture = charts.pay_mix(SCHEME)
    assert "оклад — 40 % дохода, при половине плана — уже 57 %" in plain(picture.title)
    heights = [round(bar.get_height()) for bar in picture.figure.axes[0].patches]
    assert heights[:6] == [32_000] * 6
    assert heights[6:] == [24_000, 28_800, 38_400, 48_000, 57_600, 72_000]


def test_the_curve_names_the_cliff_and_its_height():
    picture = charts.pay_curve({"порог": CLIFF, "без порога": SCHEME})
    assert plain(picture.title) == (
        "Обрыв на 100 % плана: за один процент доход прыгает с 32 тыс. ₽ до 80 тыс. ₽"
    )
    first, second = picture.figure.axes[0].lines
    assert (to_hex(first.get_color()), first.get_ydata()[0]) == (ACCENT, 32_000)
    assert second.get_ydata()[0] == pytest.approx(56_000)
    with pytest.raises(StudentError):
        charts.pay_curve({"порог": 5})


def test_sellers_stand_by_what_they_lose(pictures, demo):
    rows = pictures["pay_change"].numbers
    lost = (rows["before"] - rows["after"]).tolist()
    assert lost == sorted(lost)
    assert pictures["pay_change"].title.startswith(f"Теряют {sum(x > 0 for x in lost)} из")
    assert rows.index[-1] in pictures["pay_change"].title


def test_effects_stand_one_by_one_and_together_last(pictures, demo):
    rows = pictures["pay_people"].numbers
    assert rows.index[-1] == "всё вместе"
    year = motivation.behave(demo, CLIFF)
    assert rows["gp_change"].iloc[-1] == pytest.approx(year.gp_change)
    widths = [bar.get_width() for bar in pictures["pay_people"].figure.axes[0].patches]
    assert widths == pytest.approx(rows["gp_change"].tolist())


def test_the_move_is_dated_and_nobody_moves_before_being_told(pictures, demo):
    rows = pictures["pay_move"].numbers
    assert (rows["new_from"] > rows["told"]).all()
    assert rows["new_from"].is_monotonic_increasing
    last = rows["new_from"].max()
    assert plain(pictures["pay_move"].title).endswith(f"{last:%d.%m.%Y}")


# Every figure -------------------------------------------------------------------------------


def test_every_public_figure_is_looked_at(pictures):
    tried = {name.partition(" ")[0] for name in pictures}
    assert tried == set(charts.__all__) - {"Picture"}


def test_a_figure_speaks_russian_in_its_title_its_labels_and_its_numbers(pictures):
    for name, picture in pictures.items():
        texts = [t.get_text() for t in picture.figure.findobj(mpl.text.Text)]
        words = re.findall(r"[A-Za-z]{2,}", " ".join([*texts, str(picture)]))
        assert not words, (name, words)


def test_a_figure_keeps_its_text_inside(pictures):
    for name, picture in pictures.items():
        picture.png()  # lays out
        width, height = picture.figure.bbox.width, picture.figure.bbox.height
        for text in picture.figure.findobj(mpl.text.Text):
            if not text.get_text().strip() or not text.get_visible():
                continue
            box = text.get_window_extent()
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
            assert inside, (name, text.get_text(), box)


def test_bars_start_at_zero(pictures):
    for name in ("leads", "cohorts", "simpson", "shares", "pay_share", "pay_mix", "pay_curve"):
        assert all(ax.get_ylim()[0] == 0 for ax in pictures[name].figure.axes), name
    left = ("funnel", "stage", "speed", "zombies", "price_named", "loss_reasons", "pay_change")
    for name in (*left, "naming", "waterfall", "discounts", "pilot"):
        assert pictures[name].figure.axes[0].get_xlim()[0] == 0, name


def test_every_figure_has_its_numbers_as_text(pictures):
    for name, picture in pictures.items():
        text = str(picture)
        assert text.startswith(picture.title), name
        assert len(text.splitlines()) == len(picture.numbers) + 2, name


def test_the_same_figure_is_the_same_bytes(demo):
    assert charts.leads(demo).png() == charts.leads(demo).png()


def test_a_figure_tells_its_working_as_its_helper_does():
    assert charts.funnel.working is funnel.stages.working


def test_what_a_notebook_gets_has_alt_text_and_the_numbers(company, capture_display):
    charts.funnel(company, MONTHS)._ipython_display_()
    (image, alt), (fold, _) = capture_display
    assert image["image/png"][:4] == b"\x89PNG"
    assert plain(alt["image/png"]["alt"]) == "Из 100 лидов до оплаты доходят 5"
    assert image["text/plain"].startswith("Рисунок. Из")
    assert "Новая заявка" in fold["text/html"] and "Новая заявка" in fold["text/plain"]


@pytest.fixture
def capture_display(monkeypatch):
    shown = []

    def display(data, raw=False, metadata=None):
        shown.append((data, metadata))

    monkeypatch.setattr("IPython.display.display", display)
    return shown


def test_drawing_changes_no_global_setting(company):
    before = dict(mpl.rcParams)
    charts.funnel(company, MONTHS).png()
    assert dict(mpl.rcParams) == before


def test_the_star_import_draws_nothing_yet():
    code = (
        "import sys\nfrom salescourse import *\ncharts.funnel, widgets.velocity_whatif\n"
        "print([m for m in ('matplotlib', 'ipywidgets') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"

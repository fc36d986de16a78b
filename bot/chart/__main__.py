"""Draws the chart that comes on standard input, as a PNG on standard output."""

import sys

from matplotlib.figure import Figure

from bot.chart.chart import Chart

WIDTH, ROW, MARGIN = 9.0, 1.7, 1.1
"""Inches, at DOTS each."""

DOTS = 100
EVERY = 3
"""Hours from one mark to the next."""

COLOURS = ("#1264a3", "#2b8a5c", "#b4580b")
INK, PALE = "#1d1c1d", "#d6d6d6"


def draw(chart: Chart) -> Figure:
    figure = Figure(figsize=(WIDTH, MARGIN + ROW * len(chart.rows)), dpi=DOTS, layout="constrained")
    figure.suptitle(chart.title, x=0.01, ha="left", color=INK, fontsize=13, fontweight="bold")
    places = figure.subplots(len(chart.rows), 1, sharex=True, squeeze=False)[:, 0]
    for place, row, colour in zip(places, chart.rows, COLOURS, strict=False):
        hours = [chart.hours * nth / len(row.values) for nth in range(len(row.values) + 1)]
        values = (0, *row.values)
        most = max(values) or 1
        place.fill_between(hours, values, color=colour, alpha=0.15, linewidth=0)
        place.plot(hours, values, color=colour, linewidth=2)
        place.set_title(f"{row.name}: {row.total}", loc="left", color=colour, fontsize=11)
        place.set_xlim(0, chart.hours)
        place.set_ylim(0, most * 1.08)
        place.set_yticks([0, most], ["0", row.total if max(values) else ""])
        place.set_xticks(range(0, chart.hours + 1, EVERY))
        place.tick_params(colors=INK, length=0, labelsize=9)
        place.grid(color=PALE, linewidth=0.6)
        place.spines[:].set_visible(False)
    places[-1].set_xlabel(chart.below, color=INK, fontsize=10)
    return figure


def main() -> None:
    figure = draw(Chart.decoded(sys.stdin.buffer.read()))
    figure.savefig(sys.stdout.buffer, format="png")


if __name__ == "__main__":
    main()

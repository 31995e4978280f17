# SPDX-License-Identifier: Apache-2.0
"""What was measured, and the tables of it.

A ratio is taken between two subjects of the same round, since a machine is not as fast in one minute
as in the next, and the table has the median of the rounds' ratios.
"""
import collections
import json
import statistics

Measure = collections.namedtuple("Measure", "key title form")


def median(values):
    return statistics.median(values) if values else None


class Results:
    def __init__(self, facts):
        self.facts = facts
        self.rows = []

    def add(self, section, scenario, subject, round_number, values):
        self.rows.append({"section": section, "scenario": scenario, "subject": subject,
                          "round": round_number, "values": values})

    def by_round(self, section, scenario, subject, key):
        """{round: value}"""
        return {row["round"]: row["values"][key] for row in self.rows
                if (row["section"], row["scenario"], row["subject"]) == (section, scenario, subject)
                and row["values"].get(key) is not None}

    def of(self, name, section):
        """The scenarios or subjects of a section, in the order in which they came."""
        return list(dict.fromkeys(row[name] for row in self.rows if row["section"] == section))

    def value(self, section, scenario, subject, key):
        return median(list(self.by_round(section, scenario, subject, key).values()))

    def ratio(self, section, scenario, subject, reference, key):
        """The median of the rounds' ratios, and the smallest and the largest of them."""
        ours = self.by_round(section, scenario, subject, key)
        theirs = self.by_round(section, scenario, reference, key)
        ratios = [ours[n] / theirs[n] for n in ours if theirs.get(n)]
        return (median(ratios), min(ratios), max(ratios)) if ratios else None

    def all_medians(self):
        medians = []
        for section in dict.fromkeys(row["section"] for row in self.rows):
            for scenario in self.of("scenario", section):
                for subject in self.of("subject", section):
                    keys = dict.fromkeys(key for row in self.rows if row["section"] == section
                                         and row["scenario"] == scenario for key in row["values"])
                    values = {key: self.value(section, scenario, subject, key) for key in keys}
                    medians.append({"section": section, "scenario": scenario, "subject": subject,
                                    "medians": {k: v for k, v in values.items() if v is not None}})
        return [row for row in medians if row["medians"]]

    def write_json(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"facts": self.facts, "medians": self.all_medians(), "rounds": self.rows},
                      file, indent=1)
            file.write("\n")


def shown(value, form):
    return "" if value is None else form % value


def shown_ratio(ratio):
    if ratio is None:
        return ""
    middle, least, most = ratio
    return "%.3f" % middle if least == most else "%.3f (%.3f to %.3f)" % ratio


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def compared(results, section, measures, suffix=""):
    """A row for each scenario and measure: ours, the other build, the ratio. Both with `suffix`."""
    subjects = results.of("subject", section)
    other = "against" + suffix if "against" + suffix in subjects else None
    rows = []
    for scenario in results.of("scenario", section):
        for measure in measures:
            value = results.value(section, scenario, "ours" + suffix, measure.key)
            if value is None:
                continue
            row = [scenario, measure.title, shown(value, measure.form)]
            if other:
                row.append(shown(results.value(section, scenario, other, measure.key), measure.form))
                row.append(shown_ratio(results.ratio(section, scenario, "ours" + suffix, other, measure.key)))
            rows.append(row)
    head = ["scenario", "measured", "ours" + suffix] + ([other, "ours / against"] if other else [])
    return table(head, rows)


def ranked(results, section, scenario, measures, reference, with_ratio):
    """A row for each subject; the measures in `with_ratio` have their ratio to the reference beside them."""
    head = ["served by"]
    for measure in measures:
        head.append(measure.title)
        if measure.key in with_ratio:
            head.append("/ " + reference)
    rows = []
    for subject in results.of("subject", section):
        row = [subject]
        for measure in measures:
            row.append(shown(results.value(section, scenario, subject, measure.key), measure.form))
            if measure.key in with_ratio:
                row.append(shown_ratio(results.ratio(section, scenario, subject, reference, measure.key)))
        if any(row[1:]):
            rows.append(row)
    return table(head, rows)


def other_work(results, section):
    """One line about the machine, which says whether the figures are worth anything."""
    all_of_it = [row["values"]["others"] for row in results.rows if row["section"] == section]
    return "\nOther work in the meantime: %.2f processors in the median, at most %.2f." % (
        median(all_of_it), max(all_of_it)) if all_of_it else ""

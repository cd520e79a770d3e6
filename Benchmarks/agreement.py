"""Whether two programs found the same customers: read from their CSV, compared exactly."""

import csv
import itertools
from pathlib import Path

from measure import Failed


def pennies(text):
    """An amount with any number of decimals as whole pennies; more than pennies is an error."""
    whole, _, decimals = text.partition(".")
    if decimals[2:].strip("0"):
        raise Failed(f"amount {text} is not in whole pennies")
    return int(whole + decimals[:2].ljust(2, "0"))


def moment(text):
    """A time to the second as text."""
    return text[:19].replace("T", " ")


def column(header, *names):
    """The place of the first of these columns that is there."""
    for name in names:
        if name in header:
            return header.index(name)
    raise Failed(f"none of the columns {names} in {header}")


def customers(paths):
    """Rows (key, first, last, orders, pennies) of CSV files, in their order."""
    for path in paths:
        with open(path, newline="") as file:
            rows = csv.reader(file)
            header = next(rows)
            key = column(header, "customer_id")
            first, last = column(header, "first_order"), column(header, "last_order")
            orders = column(header, "orders", "frequency")
            exact = "pennies" in header
            total = column(header, "pennies", "total", "net", "monetary")
            for row in rows:
                amount = int(row[total]) if exact else pennies(row[total])
                yield row[key], moment(row[first]), moment(row[last]), int(row[orders]), amount


def published(folder):
    """The customer files that a run published, in the order of their names."""
    return sorted(Path(folder).glob("customers/**/*.csv"))


def require_equal(ours, theirs, name):
    """Raises Failed where two sequences of customers differ; returns customers, orders, pennies."""
    count = order_count = total = 0
    for mine, other in itertools.zip_longest(ours, theirs):
        if mine != other:
            raise Failed(f"customer {count + 1}: ours {mine}, {name} {other}")
        count += 1
        order_count += mine[3]
        total += mine[4]
    return count, order_count, total

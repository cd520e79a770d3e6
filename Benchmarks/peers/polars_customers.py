"""Polars: ledger to customers, sorted by key, as CSV, by the streaming engine."""

import sys

from polars_ledger import customers

ledger, output = sys.argv[1:3]
customers(ledger).sort("customer_id").sink_csv(output, engine="streaming")

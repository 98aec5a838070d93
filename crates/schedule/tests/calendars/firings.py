"""For each cron expression on stdin one line: its first runs from 2027 to 2029, as Unix seconds, or `error`."""

import sys
from datetime import datetime, timedelta, timezone

from croniter import CroniterError, croniter

COUNT = 40
BEGIN = datetime(2027, 1, 1, tzinfo=timezone.utc)
END = datetime(2030, 1, 1, tzinfo=timezone.utc)

for line in sys.stdin:
    runs = []
    try:
        # The "bug" is the rule of Vixie's cron: a day field that begins with `*` leaves the other one to decide.
        times = croniter(line.strip(), BEGIN - timedelta(seconds=1), ret_type=datetime, implement_cron_bug=True)
        while len(runs) < COUNT and (run := times.get_next()) < END:
            runs.append(str(int(run.timestamp())))
    except CroniterError as error:
        # An expression that never runs is legal; one that cannot be read is not.
        if type(error).__name__ != "CroniterBadDateError":
            runs = ["error"]
    print(" ".join(runs))

"""groups.py - runs cases in parallel, but those of one server one after another, so that its counters belong to a case"""
import concurrent.futures
import time


def run_grouped(cases, key, run, report, workers=12):
    """run(case) gives the problems; report(case, problems). @cases keep their order within each key(case)."""
    groups = {}
    for case in cases:
        groups.setdefault(key(case), []).append(case)

    def run_group(group):
        for case in group:
            try:
                problems = run(case)
            except Exception as error:  # a test that can't be run has not passed
                problems = ["%s: %s" % (type(error).__name__, error)]
            report(case, problems)

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        # the longest first, so that none is left alone at the end
        for future in [pool.submit(run_group, group) for group in sorted(groups.values(), key=len, reverse=True)]:
            future.result()


def wait_for(counts, expected, seconds=3):
    """The counts, as soon as they are what is expected, or after a while: squid writes down what is over."""
    until = time.monotonic() + seconds
    while True:
        now = counts()
        if expected(now) or time.monotonic() > until:
            return now
        time.sleep(0.02)

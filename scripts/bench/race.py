"""Times whole processes side by side: A B C A B C …, so that a machine whose speed drifts is fair to all.

Reads {"rounds", "contestants": [{"name", "command", "env"}]} on stdin and prints [{"name", "wall", "cpu", "memory"}]: medians of
milliseconds of wall clock, milliseconds of CPU (user and system), MiB at the peak. A small process measures, because what a child is charged
before its exec is the measurer's own size.
"""

import json, os, statistics, subprocess, sys, time

asked = json.load(sys.stdin)
runs = [[] for _ in asked['contestants']]
for turn in range(-1, asked['rounds']):  # the first is a warm-up
    for contestant, run in zip(asked['contestants'], runs):
        began = time.perf_counter()
        child = subprocess.Popen(contestant['command'], env=contestant['env'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        printed = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        if status != 0:
            sys.exit('%s ended with %d: %s' % (contestant['name'], os.waitstatus_to_exitcode(status), printed.decode('utf8', 'replace')[:400]))
        if turn >= 0:
            run.append((wall * 1000, (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024))
figures = [dict(zip(('wall', 'cpu', 'memory'), map(statistics.median, zip(*run))), name=contestant['name']) for contestant, run in zip(asked['contestants'], runs)]
print(json.dumps(figures))

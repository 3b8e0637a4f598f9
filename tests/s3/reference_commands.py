"""Runs many command lines inside the official AWS CLI, in one process, against a real server.

Loaded by the official binary as a plugin (`[plugins] cli_legacy_plugin_path`). Jobs come as lines of JSON from the file in VIRGA_JOBS:
{"argv", "cwd", "env", "stdin"}; outcomes go as lines of JSON to VIRGA_OUTCOMES: {"stdout", "stderr", "exit"}, in base64.
"""

import base64, json, os, sys, tempfile, traceback

running = False


def awscli_initialize(events):
    global running
    if running or 'VIRGA_JOBS' not in os.environ:
        return
    running = True
    run_all()
    os._exit(0)


def run_all():
    import awscli.clidriver

    jobs, outcomes = os.environ.pop('VIRGA_JOBS'), os.environ.pop('VIRGA_OUTCOMES')
    before = dict(os.environ)
    with open(jobs) as lines, open(outcomes, 'w') as out:
        for line in lines:
            job = json.loads(line)
            os.environ.clear()
            os.environ.update({**before, **job['env']})
            os.chdir(job['cwd'])
            code, printed = run(awscli.clidriver, job)
            out.write(json.dumps({
                'stdout': base64.b64encode(printed[0]).decode(), 'stderr': base64.b64encode(printed[1]).decode(), 'exit': code,
            }) + '\n')
            out.flush()


def run(clidriver, job):
    files = [tempfile.TemporaryFile() for _ in range(3)]
    files[0].write(base64.b64decode(job['stdin']))
    files[0].seek(0)
    kept = [os.dup(number) for number in range(3)]
    streams = sys.stdin, sys.stdout, sys.stderr
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(os.dup(0), 'r')
    sys.stdout = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    sys.stderr = os.fdopen(os.dup(2), 'w', encoding='utf-8')
    try:
        code = clidriver.create_clidriver(job['argv']).main(job['argv'])
    except SystemExit as exit:
        code = exit.code
    except BaseException:
        code = 'crash: ' + traceback.format_exc(limit=-1)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdin, sys.stdout, sys.stderr = streams
        for number, old in enumerate(kept):
            os.dup2(old, number)
            os.close(old)
    printed = []
    for file in files[1:]:
        file.seek(0)
        printed.append(file.read())
    return code, printed

"""Runs many command lines inside the official AWS CLI, in one process, and says what each sent, printed and returned.

Loaded by the official binary as a plugin (`[plugins] cli_legacy_plugin_path`). Jobs come as lines of JSON from the file in VIRGA_JOBS:
{"argv", "response": {"status", "headers", "b64"}}; outcomes go as lines of JSON to VIRGA_OUTCOMES: {"requests", "stdout", "stderr", "exit"}.
"""

import base64, io, json, os, sys, traceback, uuid

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
    import botocore.awsrequest
    import botocore.httpsession

    jobs, outcomes = os.environ.pop('VIRGA_JOBS'), os.environ.pop('VIRGA_OUTCOMES')
    sent, answer = [], {}
    uuid.uuid4 = lambda: uuid.UUID('00000000-0000-4000-8000-000000000000')

    class Raw(io.BytesIO):
        def stream(self, *_, **__):
            rest = self.read()
            if rest:
                yield rest

    def send(_, request):
        body = request.body
        if hasattr(body, 'read'):
            body = body.read()
        if isinstance(body, str):
            body = body.encode()
        sent.append({
            'method': request.method,
            'url': request.url,
            'headers': [[k, v.decode('latin1') if isinstance(v, bytes) else str(v)] for k, v in request.headers.items()],
            'body': base64.b64encode(body or b'').decode(),
        })
        headers = botocore.awsrequest.HeadersDict(answer['headers'])
        return botocore.awsrequest.AWSResponse(request.url, answer['status'], headers, Raw(base64.b64decode(answer['b64'])))

    botocore.httpsession.URLLib3Session.send = send

    with open(jobs) as lines, open(outcomes, 'w') as out:
        for line in lines:
            job = json.loads(line)
            sent.clear()
            answer.clear()
            answer.update(job['response'])
            stdout, stderr = io.BytesIO(), io.BytesIO()
            kept = sys.stdout, sys.stderr
            sys.stdout = io.TextIOWrapper(stdout, encoding='utf-8', write_through=True)
            sys.stderr = io.TextIOWrapper(stderr, encoding='utf-8', write_through=True)
            try:
                code = awscli.clidriver.create_clidriver(job['argv']).main(job['argv'])
            except SystemExit as exit:
                code = exit.code
            except BaseException:
                code = 'crash: ' + traceback.format_exc(limit=-1)
            finally:
                printed = [stream.getvalue().decode('utf8', 'replace') for stream in (stdout, stderr)]
                sys.stdout, sys.stderr = kept
            out.write(json.dumps({
                'requests': list(sent), 'stdout': printed[0], 'stderr': printed[1], 'exit': code,
            }) + '\n')
            out.flush()

"""Runs many command lines inside the official AWS CLI, in one process, and says what each sent, printed and returned.

Loaded by the official binary as a plugin (`[plugins] cli_legacy_plugin_path`). Jobs come as lines of JSON from the file in VIRGA_JOBS:
{"argv", "answers": [{"status", "headers", "b64"}], "files", "env", "stdin"}; outcomes go as lines of JSON to VIRGA_OUTCOMES: {"requests",
"stdout", "stderr", "exit"}. Each job runs in a folder of its own, VIRGA_PLACE, that holds its files and nothing else.
"""

import base64, gc, io, json, os, shutil, signal, sys, time, traceback, uuid

PATIENCE_SECONDS = 60
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
    import awscli.utils
    import botocore.awsrequest
    import botocore.httpsession
    import botocore.loaders
    from botocore.context import start_as_current_context

    jobs, outcomes, place = (os.environ.pop(name) for name in ('VIRGA_JOBS', 'VIRGA_OUTCOMES', 'VIRGA_PLACE'))
    sent, answers = [], []
    uuid.uuid4 = lambda: uuid.UUID('00000000-0000-4000-8000-000000000000')
    time.sleep = lambda _: None

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
        answer = answers[min(len(sent), len(answers)) - 1] if answers else plain_success(request.headers, body)
        headers = botocore.awsrequest.HeadersDict(answer['headers'])
        return botocore.awsrequest.AWSResponse(request.url, answer['status'], headers, Raw(base64.b64decode(answer['b64'])))

    def too_long(*_):
        raise TimeoutError(f'no end in {PATIENCE_SECONDS} seconds')

    botocore.httpsession.URLLib3Session.send = send
    keep_models(botocore.loaders)
    # One for each operation of a service, with a copy of all variables in each, for a pager that is never started.
    awscli.utils.OutputStreamFactory.__init__.__defaults__ = (None, os.environ, 'FRX')
    gc.set_threshold(200_000, 50, 1000)
    signal.signal(signal.SIGALRM, too_long)

    with open(jobs) as lines, open(outcomes, 'w') as out:
        for line in lines:
            job = json.loads(line)
            sent.clear()
            answers[:] = job['answers']
            before = dict(os.environ)
            furnish(place, job.get('files') or {})
            for name, value in {'HOME': home_of(place, job), **(job.get('env') or {})}.items():
                if name == 'AWS_DATA_PATH' and value is not None:
                    # It adds its own folders when it is loaded, and cannot do without.
                    value = os.pathsep.join([os.path.expanduser(os.path.expandvars(value)), before[name]])
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            stdout, stderr = io.BytesIO(), io.BytesIO()
            kept = sys.stdin, sys.stdout, sys.stderr
            sys.stdin = io.TextIOWrapper(io.BytesIO((job.get('stdin') or '').encode()), encoding='utf-8')
            sys.stdout = io.TextIOWrapper(stdout, encoding='utf-8', write_through=True)
            sys.stderr = io.TextIOWrapper(stderr, encoding='utf-8', write_through=True)
            signal.alarm(PATIENCE_SECONDS)
            try:
                with start_as_current_context():
                    code = awscli.clidriver.AWSCLIEntryPoint().main(job['argv'])
            except SystemExit as exit:
                code = exit.code
            except BaseException:
                code = 'crash: ' + traceback.format_exc(limit=-1)
            finally:
                signal.alarm(0)
                if not isinstance(code, (int, type(None))) and not str(code).startswith('crash: '):
                    # What Python does where sys.exit() is given something else.
                    print(code, file=sys.stderr)
                    code = 1
                printed = [stream.getvalue().decode('utf8', 'replace') for stream in (stdout, stderr)]
                sys.stdin, sys.stdout, sys.stderr = kept
                os.environ.clear()
                os.environ.update(before)
            outcome = {'requests': list(sent), 'stdout': printed[0], 'stderr': printed[1], 'exit': code}
            out.write(json.dumps(outcome).replace(place, '<here>').replace(os.environ['HOME'], '<home>') + '\n')
            out.flush()


def keep_models(loaders):
    """Finding and reading the models takes longer than all the rest. What is kept is what one command would share anyway."""
    file_loader, folders = loaders.JSONFileLoader, loaders.Loader
    load, exists, list_services = file_loader.load_file, file_loader.exists, folders.list_available_services
    models, there, services = {}, {}, {}
    own = f'{os.sep}botocore{os.sep}data{os.sep}'

    def load_file(self, path):
        if own not in path:
            return load(self, path)
        if path not in models:
            if len(models) > 60:
                models.pop(next(iter(models)))
            models[path] = load(self, path)
        return models[path]

    def file_exists(self, path):
        if own not in path:
            return exists(self, path)
        if path not in there:
            there[path] = exists(self, path)
        return there[path]

    def list_available_services(self, type_name):
        asked = type_name, *self.search_paths
        if asked not in services:
            services[asked] = list_services(self, type_name)
        return list(services[asked])

    file_loader.load_file, file_loader.exists = load_file, file_exists
    folders.list_available_services = list_available_services


def furnish(place, files):
    os.chdir('/')
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    for name, text in files.items():
        path = os.path.join(place, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8', newline='') as file:
            file.write(text)
    os.chdir(place)


def home_of(place, job):
    """A home of the job's own where it brings files for one."""
    own = any(name.startswith('home/') for name in job.get('files') or {})
    return os.path.join(place, 'home') if own else os.environ['HOME']


def plain_success(headers, body):
    """Keep equal to plainSuccess in run-both.ts."""
    kind = headers.get('Content-Type') or ''
    kind = kind.decode() if isinstance(kind, bytes) else kind
    if kind.startswith('application/x-www-form-urlencoded'):
        text = '<R/>'
    elif 'xml' in kind:
        text = '<a/>'
    else:
        text = '{}'
    return {'status': 200, 'headers': {}, 'b64': base64.b64encode(text.encode()).decode()}

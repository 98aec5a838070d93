
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'everlit' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'everlit'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'everlit' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Check every token and refresh those that are due; the command for cron')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what is healthy, what is due and what needs a person; no network')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Set up this folder: find the env file, add the npm script, check .gitignore')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Get a token by browser login or paste; also replaces a dead one')
            [CompletionResult]::new('schedule', 'schedule', [CompletionResultType]::ParameterValue, 'Run everlit once a day with this machine''s scheduler')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Manage who is notified when a person is needed')
            [CompletionResult]::new('target', 'target', [CompletionResultType]::ParameterValue, 'Manage where fresh tokens go besides the env file')
            [CompletionResult]::new('account', 'account', [CompletionResultType]::ParameterValue, 'Manage the accounts of a vault')
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Manage the Meta apps that issue the tokens of a vault''s accounts')
            [CompletionResult]::new('vault', 'vault', [CompletionResultType]::ParameterValue, 'Manage the encrypted database that holds many accounts')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage the keys of the vault')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep the accounts of a vault alive for as long as this runs')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Start a run when a signed HTTP request asks for it: for crons that run no programs')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command with the fresh token in its environment')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print a token to a pipe')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened and when')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything and print a fix for each finding; safe to paste in public')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a Meta error or an exit code')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local Meta with a settable clock and faults')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Play the whole story in a few seconds, in a temporary folder; no account needed')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;refresh' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Refresh now, regardless of dates and stored waits (tokens under 24 hours old are still skipped)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done; call nobody, write nothing')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Keep running and refresh on schedule: for containers without a scheduler')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;status' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Ask Meta whether each token works')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'One line for a monitor')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Show every account, also where there are many and they are well')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;init' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed; change nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;connect' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'The token''s platform, if its prefix is unknown: instagram, threads or facebook')
            [CompletionResult]::new('--page', '--page', [CompletionResultType]::ParameterName, 'Use the token of this Facebook page instead of its owner''s')
            [CompletionResult]::new('--guide', '--guide', [CompletionResultType]::ParameterName, 'Show how to create a token by hand, for instagram (default), threads or facebook')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'Also request this permission; can be repeated')
            [CompletionResult]::new('--config-id', '--config-id', [CompletionResultType]::ParameterName, 'Login configuration of a Facebook app (Facebook Login for Business), instead of permissions')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The local port for the browser''s answer [default: 8447]; 0 picks a free one')
            [CompletionResult]::new('--redirect-uri', '--redirect-uri', [CompletionResultType]::ParameterName, 'Your own registered redirect URI; the final address is then pasted')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for the answer')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--instagram', '--instagram', [CompletionResultType]::ParameterName, 'Log in to Instagram with the browser')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Log in to Threads with the browser')
            [CompletionResult]::new('--facebook', '--facebook', [CompletionResultType]::ParameterName, 'Log in to Facebook with the browser')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the token from stdin instead of asking for it')
            [CompletionResult]::new('--exchange', '--exchange', [CompletionResultType]::ParameterName, 'Exchange a short-lived (one-hour) token for a long-lived one; needs the app''s id and secret')
            [CompletionResult]::new('--replace-account', '--replace-account', [CompletionResultType]::ParameterName, 'Allow the token to belong to another account than the current one')
            [CompletionResult]::new('--paste', '--paste', [CompletionResultType]::ParameterName, 'Paste the final address instead of waiting for the browser (over SSH, in a container)')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Print the login address; do not open a browser')
            [CompletionResult]::new('--force-login', '--force-login', [CompletionResultType]::ParameterName, 'Ask for the password even if the browser is logged in (Instagram, Facebook): for another account')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'Use plain http for the answer, where Meta''s dashboard allows it (Facebook)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;schedule' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install a daily job into this machine''s scheduler, verify it, and run it once')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the job for this folder, its next run and the result of its last')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove everything that install has installed')
            [CompletionResult]::new('print', 'print', [CompletionResultType]::ParameterValue, 'Print the files for a scheduler, or write them to a folder')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Simulate a schedule and report how many sites would lose their token')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;schedule;install' {
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'Use this scheduler instead of the best one available')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be done and change nothing')
            [CompletionResult]::new('--no-run', '--no-run', [CompletionResultType]::ParameterName, 'Skip the test run')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the job even if somebody has edited it')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;schedule;show' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;schedule;remove' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--gone', '--gone', [CompletionResultType]::ParameterName, 'Remove the jobs of folders that no longer exist, and no others')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be done and change nothing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove the job even if somebody has edited it')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;schedule;print' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the files to this folder instead')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the files to this folder instead')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user of a system unit or a crontab [default: the owner of the project folder]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;schedule;check' {
            [CompletionResult]::new('--cron', '--cron', [CompletionResultType]::ParameterName, 'Check this cron line instead of a file')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;schedule;help' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install a daily job into this machine''s scheduler, verify it, and run it once')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the job for this folder, its next run and the result of its last')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove everything that install has installed')
            [CompletionResult]::new('print', 'print', [CompletionResultType]::ParameterValue, 'Print the files for a scheduler, or write them to a folder')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Simulate a schedule and report how many sites would lose their token')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;schedule;help;install' {
            break
        }
        'everlit;schedule;help;show' {
            break
        }
        'everlit;schedule;help;remove' {
            break
        }
        'everlit;schedule;help;print' {
            break
        }
        'everlit;schedule;help;check' {
            break
        }
        'everlit;schedule;help;help' {
            break
        }
        'everlit;notify' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a channel for messages, or a monitor for heartbeats')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List channels and monitors, and what could not be sent')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a real message through each channel and a real heartbeat to each monitor')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a channel or a monitor, and its secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;notify;add' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Kind of channel (slack to command) or monitor (healthchecks to url)')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'email: the mail server, such as mail.example.com or mail.example.com:2525')
            [CompletionResult]::new('--security', '--security', [CompletionResultType]::ParameterName, 'email: encryption of the connection [default: starttls]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'email: the sender')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'email: a recipient; can be repeated')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'email: user name for the mail server; asks for the password')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Use it only when another channel fails')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the secret (a URL, a password) from stdin; further ones on lines of their own, in the order asked')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;notify;list' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;notify;test' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;notify;remove' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;notify;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a channel for messages, or a monitor for heartbeats')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List channels and monitors, and what could not be sent')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a real message through each channel and a real heartbeat to each monitor')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a channel or a monitor, and its secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;notify;help;add' {
            break
        }
        'everlit;notify;help;list' {
            break
        }
        'everlit;notify;help;test' {
            break
        }
        'everlit;notify;help;remove' {
            break
        }
        'everlit;notify;help;help' {
            break
        }
        'everlit;target' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a place where fresh tokens go, and check its credential; writes no token there')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List targets: what a delivery does, and whether the token in use was delivered')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Deliver the current token now, even where it is already')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Deliver the current token now to every target that lacks it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target and its secrets; the token stays there')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a kind: its settings, where to get the credential, when a token takes effect')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;target;add' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Kind of target; `everlit target explain KIND` says what it needs')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'A setting, such as project=prj_123 or key=IG_ACCESS_TOKEN; can be repeated, also for the items of a list')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the secrets from stdin, one on each line, in the order asked')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;target;list' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;target;test' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;target;push' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;target;remove' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;target;explain' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;target;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a place where fresh tokens go, and check its credential; writes no token there')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List targets: what a delivery does, and whether the token in use was delivered')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Deliver the current token now, even where it is already')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Deliver the current token now to every target that lacks it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target and its secrets; the token stays there')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a kind: its settings, where to get the credential, when a token takes effect')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;target;help;add' {
            break
        }
        'everlit;target;help;list' {
            break
        }
        'everlit;target;help;test' {
            break
        }
        'everlit;target;help;push' {
            break
        }
        'everlit;target;help;remove' {
            break
        }
        'everlit;target;help;explain' {
            break
        }
        'everlit;target;help;help' {
            break
        }
        'everlit;account' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add an account, with its token on stdin or without a token')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the accounts')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one account')
            [CompletionResult]::new('pause', 'pause', [CompletionResultType]::ParameterValue, 'Stop all work on an account')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with it')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give an account another name')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Give an account tags, in the place of those it has')
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Say which Meta app issues the tokens of an account')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an account with its tokens')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write accounts with their tokens into a new file, encrypted with the vault''s master key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;account;add' {
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'A word to find it by; can be repeated')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The Meta app that issues its tokens, by its name in `everlit app list`')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the token from stdin')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;list' {
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Only accounts with this tag')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;show' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;pause' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;resume' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;rename' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;tag' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;app' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--none', '--none', [CompletionResultType]::ParameterName, 'The one of the settings, or none')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;remove' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;import' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What the sources are, if that cannot be recognized')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'The columns of a table, such as name=Client,token=Key; fields: name, token, tags, expires_at, expires_in, refreshed_at')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The table of a database')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'A word to find the imported accounts by; can be repeated')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The Meta app that issues their tokens, by its name in `everlit app list`')
            [CompletionResult]::new('--master-key-file', '--master-key-file', [CompletionResultType]::ParameterName, 'The master key of the vault that an export comes from')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Where an account of the vault has another token, put the imported one in its place')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be imported, and change nothing')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;export' {
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Only accounts with this tag')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;account;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add an account, with its token on stdin or without a token')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the accounts')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one account')
            [CompletionResult]::new('pause', 'pause', [CompletionResultType]::ParameterValue, 'Stop all work on an account')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with it')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give an account another name')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Give an account tags, in the place of those it has')
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Say which Meta app issues the tokens of an account')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an account with its tokens')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write accounts with their tokens into a new file, encrypted with the vault''s master key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;account;help;add' {
            break
        }
        'everlit;account;help;list' {
            break
        }
        'everlit;account;help;show' {
            break
        }
        'everlit;account;help;pause' {
            break
        }
        'everlit;account;help;resume' {
            break
        }
        'everlit;account;help;rename' {
            break
        }
        'everlit;account;help;tag' {
            break
        }
        'everlit;account;help;app' {
            break
        }
        'everlit;account;help;remove' {
            break
        }
        'everlit;account;help;import' {
            break
        }
        'everlit;account;help;export' {
            break
        }
        'everlit;account;help;help' {
            break
        }
        'everlit;app' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a Meta app, or give it another id or secret')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps, and how many accounts each has')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an app and its secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;app;add' {
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'The platform of the id and the secret: Meta gives one app a pair for each')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The app''s id, a number')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the app''s secret from stdin')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;app;list' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;app;remove' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;app;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a Meta app, or give it another id or secret')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps, and how many accounts each has')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an app and its secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;app;help;add' {
            break
        }
        'everlit;app;help;list' {
            break
        }
        'everlit;app;help;remove' {
            break
        }
        'everlit;app;help;help' {
            break
        }
        'everlit;vault' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a vault, with a master key if there is none')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read every account, and name those that cannot be read')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Bring the tables of an older vault up to date')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy a SQLite vault while others work with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;vault;create' {
            [CompletionResult]::new('--master-key-file', '--master-key-file', [CompletionResultType]::ParameterName, 'Where the master key is, or is to be [default: everlit-master.key]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;vault;check' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;vault;migrate' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;vault;backup' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;vault;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a vault, with a master key if there is none')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read every account, and name those that cannot be read')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Bring the tables of an older vault up to date')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy a SQLite vault while others work with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;vault;help;create' {
            break
        }
        'everlit;vault;help;check' {
            break
        }
        'everlit;vault;help;migrate' {
            break
        }
        'everlit;vault;help;backup' {
            break
        }
        'everlit;vault;help;help' {
            break
        }
        'everlit;key' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a master key in a new file')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Make a new data key, or lock the vault with another master key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the keys, and how many accounts each has sealed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;key;create' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;key;rotate' {
            [CompletionResult]::new('--master-key-file', '--master-key-file', [CompletionResultType]::ParameterName, 'Lock the vault with the master key in this file')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Seal all accounts with the new key at once; can be interrupted')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Make no new key: go on where --now was interrupted')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;key;status' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;key;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a master key in a new file')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Make a new data key, or lock the vault with another master key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the keys, and how many accounts each has sealed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;key;help;create' {
            break
        }
        'everlit;key;help;rotate' {
            break
        }
        'everlit;key;help;status' {
            break
        }
        'everlit;key;help;help' {
            break
        }
        'everlit;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Answer about health and metrics here [default: 127.0.0.1:4011]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Work on at most this many accounts at once [default: 64]')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How to log to stderr [default: text on a terminal, json elsewhere]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--demo', '--demo', [CompletionResultType]::ParameterName, 'Serve a hundred made-up accounts of a sandbox, in a temporary folder or in the vault of --vault')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;listen' {
            [CompletionResult]::new('--address', '--address', [CompletionResultType]::ParameterName, 'Where to listen [default: 127.0.0.1:8080; port PORT of every address where that is set]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;run' {
            [CompletionResult]::new('--signal', '--signal', [CompletionResultType]::ParameterName, 'Send this signal to the command when there is a new token')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Seconds to wait before killing the command')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--restart-on-refresh', '--restart-on-refresh', [CompletionResultType]::ParameterName, 'Restart the command when there is a new token')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;token' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--reveal', '--reveal', [CompletionResultType]::ParameterName, 'Print it even on a terminal')
            [CompletionResult]::new('--newline', '--newline', [CompletionResultType]::ParameterName, 'Add a newline')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;history' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Number of latest events')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Number of latest events')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;doctor' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also list what is fine')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;explain' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on 127.0.0.1; 0 picks a free one')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of its faults; the same seed gives the same faults')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--friendly', '--friendly', [CompletionResultType]::ParameterName, 'No faults, one shape for each reply')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;demo' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Keep the folder')
            [CompletionResult]::new('--fast', '--fast', [CompletionResultType]::ParameterName, 'Do not pause between scenes')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;completions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;man' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--vault', '--vault', [CompletionResultType]::ParameterName, 'The vault that holds the accounts, such as sqlite:everlit.db')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The metadata file [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout of one call to Meta [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of everlit.toml or the vault; can be repeated')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file, such as a company proxy''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto obeys NO_COLOR')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask questions; fail instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;help' {
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Check every token and refresh those that are due; the command for cron')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what is healthy, what is due and what needs a person; no network')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Set up this folder: find the env file, add the npm script, check .gitignore')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Get a token by browser login or paste; also replaces a dead one')
            [CompletionResult]::new('schedule', 'schedule', [CompletionResultType]::ParameterValue, 'Run everlit once a day with this machine''s scheduler')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Manage who is notified when a person is needed')
            [CompletionResult]::new('target', 'target', [CompletionResultType]::ParameterValue, 'Manage where fresh tokens go besides the env file')
            [CompletionResult]::new('account', 'account', [CompletionResultType]::ParameterValue, 'Manage the accounts of a vault')
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Manage the Meta apps that issue the tokens of a vault''s accounts')
            [CompletionResult]::new('vault', 'vault', [CompletionResultType]::ParameterValue, 'Manage the encrypted database that holds many accounts')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage the keys of the vault')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Keep the accounts of a vault alive for as long as this runs')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Start a run when a signed HTTP request asks for it: for crons that run no programs')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command with the fresh token in its environment')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print a token to a pipe')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened and when')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything and print a fix for each finding; safe to paste in public')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a Meta error or an exit code')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local Meta with a settable clock and faults')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Play the whole story in a few seconds, in a temporary folder; no account needed')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'everlit;help;refresh' {
            break
        }
        'everlit;help;status' {
            break
        }
        'everlit;help;init' {
            break
        }
        'everlit;help;connect' {
            break
        }
        'everlit;help;schedule' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install a daily job into this machine''s scheduler, verify it, and run it once')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the job for this folder, its next run and the result of its last')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove everything that install has installed')
            [CompletionResult]::new('print', 'print', [CompletionResultType]::ParameterValue, 'Print the files for a scheduler, or write them to a folder')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Simulate a schedule and report how many sites would lose their token')
            break
        }
        'everlit;help;schedule;install' {
            break
        }
        'everlit;help;schedule;show' {
            break
        }
        'everlit;help;schedule;remove' {
            break
        }
        'everlit;help;schedule;print' {
            break
        }
        'everlit;help;schedule;check' {
            break
        }
        'everlit;help;notify' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a channel for messages, or a monitor for heartbeats')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List channels and monitors, and what could not be sent')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a real message through each channel and a real heartbeat to each monitor')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a channel or a monitor, and its secret')
            break
        }
        'everlit;help;notify;add' {
            break
        }
        'everlit;help;notify;list' {
            break
        }
        'everlit;help;notify;test' {
            break
        }
        'everlit;help;notify;remove' {
            break
        }
        'everlit;help;target' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a place where fresh tokens go, and check its credential; writes no token there')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List targets: what a delivery does, and whether the token in use was delivered')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Deliver the current token now, even where it is already')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Deliver the current token now to every target that lacks it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target and its secrets; the token stays there')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a kind: its settings, where to get the credential, when a token takes effect')
            break
        }
        'everlit;help;target;add' {
            break
        }
        'everlit;help;target;list' {
            break
        }
        'everlit;help;target;test' {
            break
        }
        'everlit;help;target;push' {
            break
        }
        'everlit;help;target;remove' {
            break
        }
        'everlit;help;target;explain' {
            break
        }
        'everlit;help;account' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add an account, with its token on stdin or without a token')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the accounts')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one account')
            [CompletionResult]::new('pause', 'pause', [CompletionResultType]::ParameterValue, 'Stop all work on an account')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with it')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give an account another name')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Give an account tags, in the place of those it has')
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Say which Meta app issues the tokens of an account')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an account with its tokens')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write accounts with their tokens into a new file, encrypted with the vault''s master key')
            break
        }
        'everlit;help;account;add' {
            break
        }
        'everlit;help;account;list' {
            break
        }
        'everlit;help;account;show' {
            break
        }
        'everlit;help;account;pause' {
            break
        }
        'everlit;help;account;resume' {
            break
        }
        'everlit;help;account;rename' {
            break
        }
        'everlit;help;account;tag' {
            break
        }
        'everlit;help;account;app' {
            break
        }
        'everlit;help;account;remove' {
            break
        }
        'everlit;help;account;import' {
            break
        }
        'everlit;help;account;export' {
            break
        }
        'everlit;help;app' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a Meta app, or give it another id or secret')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps, and how many accounts each has')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an app and its secret')
            break
        }
        'everlit;help;app;add' {
            break
        }
        'everlit;help;app;list' {
            break
        }
        'everlit;help;app;remove' {
            break
        }
        'everlit;help;vault' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a vault, with a master key if there is none')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read every account, and name those that cannot be read')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Bring the tables of an older vault up to date')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy a SQLite vault while others work with it')
            break
        }
        'everlit;help;vault;create' {
            break
        }
        'everlit;help;vault;check' {
            break
        }
        'everlit;help;vault;migrate' {
            break
        }
        'everlit;help;vault;backup' {
            break
        }
        'everlit;help;key' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a master key in a new file')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Make a new data key, or lock the vault with another master key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the keys, and how many accounts each has sealed')
            break
        }
        'everlit;help;key;create' {
            break
        }
        'everlit;help;key;rotate' {
            break
        }
        'everlit;help;key;status' {
            break
        }
        'everlit;help;serve' {
            break
        }
        'everlit;help;listen' {
            break
        }
        'everlit;help;run' {
            break
        }
        'everlit;help;token' {
            break
        }
        'everlit;help;history' {
            break
        }
        'everlit;help;doctor' {
            break
        }
        'everlit;help;explain' {
            break
        }
        'everlit;help;sandbox' {
            break
        }
        'everlit;help;demo' {
            break
        }
        'everlit;help;completions' {
            break
        }
        'everlit;help;man' {
            break
        }
        'everlit;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}

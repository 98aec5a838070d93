
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Look at every token and refresh those that are due; the command for cron')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what is healthy, what is due and what needs a person, without asking Meta')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Set up this folder: finds the env file, adds the npm script, checks .gitignore')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what happened and when')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything and print the fix for each finding; safe to paste in public')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what a Meta error or an exit code means and what to do')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local Meta with a settable clock and faults')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Play the whole story in a few seconds, in a throw-away folder; no account needed')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            break
        }
        'everlit;refresh' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Refresh now, whatever the dates and stored waits say (a token under 24 hours old is still left alone)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done; ask nothing of Meta and write nothing')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Ask Meta whether each token works')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'One line for a monitor')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be changed and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;history' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'How many of the latest events')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'How many of the latest events')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'everlit;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on 127.0.0.1; 0 takes a free one')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of its faults; the same seed makes the same faults')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--friendly', '--friendly', [CompletionResultType]::ParameterName, 'Calm: no faults, one shape for each reply')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Leave the folder for a look')
            [CompletionResult]::new('--fast', '--fast', [CompletionResultType]::ParameterName, 'Do not pause between the scenes')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
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
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'The env file that holds the token [default: .env.local]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'What is known about the token [default: scripts/instagram-token.json]')
            [CompletionResult]::new('--threshold-days', '--threshold-days', [CompletionResultType]::ParameterName, 'Refresh when fewer days than this are left [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long one call to Meta may take [default: 30]')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Only this account of `everlit.toml`; may be given several times')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file (a company''s proxy)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colours; `auto` also obeys `NO_COLOR`')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of text')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}


use builtin;
use str;

set edit:completion:arg-completer[everlit] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'everlit'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'everlit'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand refresh 'Check every token and refresh those that are due; the command for cron'
            cand status 'Show what is healthy, what is due and what needs a person; no network'
            cand init 'Set up this folder: find the env file, add the npm script, check .gitignore'
            cand connect 'Get a token by browser login or paste; also replaces a dead one'
            cand schedule 'Run everlit once a day with this machine''s scheduler'
            cand notify 'Manage who is notified when a person is needed'
            cand target 'Manage where fresh tokens go besides the env file'
            cand account 'Manage the accounts of a vault'
            cand app 'Manage the Meta apps that issue the tokens of a vault''s accounts'
            cand vault 'Manage the encrypted database that holds many accounts'
            cand key 'Manage the keys of the vault'
            cand serve 'Keep the accounts of a vault alive for as long as this runs'
            cand listen 'Start a run when a signed HTTP request asks for it: for crons that run no programs'
            cand run 'Run a command with the fresh token in its environment'
            cand token 'Print a token to a pipe'
            cand history 'Show what happened and when'
            cand doctor 'Check everything and print a fix for each finding; safe to paste in public'
            cand explain 'Explain a Meta error or an exit code'
            cand sandbox 'Run a local Meta with a settable clock and faults'
            cand demo 'Play the whole story in a few seconds, in a temporary folder; no account needed'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;refresh'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --force 'Refresh now, regardless of dates and stored waits (tokens under 24 hours old are still skipped)'
            cand --dry-run 'Show what would be done; call nobody, write nothing'
            cand --watch 'Keep running and refresh on schedule: for containers without a scheduler'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;status'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --live 'Ask Meta whether each token works'
            cand --check 'One line for a monitor'
            cand --all 'Show every account, also where there are many and they are well'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;init'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --dry-run 'Show what would be changed; change nothing'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;connect'= {
            cand --kind 'The token''s platform, if its prefix is unknown: instagram, threads or facebook'
            cand --page 'Use the token of this Facebook page instead of its owner''s'
            cand --guide 'Show how to create a token by hand, for instagram (default), threads or facebook'
            cand --scope 'Also request this permission; can be repeated'
            cand --config-id 'Login configuration of a Facebook app (Facebook Login for Business), instead of permissions'
            cand --port 'The local port for the browser''s answer [default: 8447]; 0 picks a free one'
            cand --redirect-uri 'Your own registered redirect URI; the final address is then pasted'
            cand --wait 'How long to wait for the answer'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --instagram 'Log in to Instagram with the browser'
            cand --threads 'Log in to Threads with the browser'
            cand --facebook 'Log in to Facebook with the browser'
            cand --stdin 'Read the token from stdin instead of asking for it'
            cand --exchange 'Exchange a short-lived (one-hour) token for a long-lived one; needs the app''s id and secret'
            cand --replace-account 'Allow the token to belong to another account than the current one'
            cand --paste 'Paste the final address instead of waiting for the browser (over SSH, in a container)'
            cand --no-browser 'Print the login address; do not open a browser'
            cand --force-login 'Ask for the password even if the browser is logged in (Instagram, Facebook): for another account'
            cand --http 'Use plain http for the answer, where Meta''s dashboard allows it (Facebook)'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;schedule'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand install 'Install a daily job into this machine''s scheduler, verify it, and run it once'
            cand show 'Show the job for this folder, its next run and the result of its last'
            cand remove 'Remove everything that install has installed'
            cand print 'Print the files for a scheduler, or write them to a folder'
            cand check 'Simulate a schedule and report how many sites would lose their token'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;schedule;install'= {
            cand --with 'Use this scheduler instead of the best one available'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --dry-run 'Print what would be done and change nothing'
            cand --no-run 'Skip the test run'
            cand --force 'Replace the job even if somebody has edited it'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;schedule;show'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;schedule;remove'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --gone 'Remove the jobs of folders that no longer exist, and no others'
            cand --dry-run 'Print what would be done and change nothing'
            cand --force 'Remove the job even if somebody has edited it'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;schedule;print'= {
            cand -o 'Write the files to this folder instead'
            cand --output 'Write the files to this folder instead'
            cand --user 'The user of a system unit or a crontab [default: the owner of the project folder]'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;schedule;check'= {
            cand --cron 'Check this cron line instead of a file'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;schedule;help'= {
            cand install 'Install a daily job into this machine''s scheduler, verify it, and run it once'
            cand show 'Show the job for this folder, its next run and the result of its last'
            cand remove 'Remove everything that install has installed'
            cand print 'Print the files for a scheduler, or write them to a folder'
            cand check 'Simulate a schedule and report how many sites would lose their token'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;schedule;help;install'= {
        }
        &'everlit;schedule;help;show'= {
        }
        &'everlit;schedule;help;remove'= {
        }
        &'everlit;schedule;help;print'= {
        }
        &'everlit;schedule;help;check'= {
        }
        &'everlit;schedule;help;help'= {
        }
        &'everlit;notify'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Add a channel for messages, or a monitor for heartbeats'
            cand list 'List channels and monitors, and what could not be sent'
            cand test 'Send a real message through each channel and a real heartbeat to each monitor'
            cand remove 'Remove a channel or a monitor, and its secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;notify;add'= {
            cand --kind 'Kind of channel (slack to command) or monitor (healthchecks to url)'
            cand --server 'email: the mail server, such as mail.example.com or mail.example.com:2525'
            cand --security 'email: encryption of the connection [default: starttls]'
            cand --from 'email: the sender'
            cand --to 'email: a recipient; can be repeated'
            cand --user 'email: user name for the mail server; asks for the password'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --fallback 'Use it only when another channel fails'
            cand --stdin 'Read the secret (a URL, a password) from stdin; further ones on lines of their own, in the order asked'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;notify;list'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;notify;test'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;notify;remove'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;notify;help'= {
            cand add 'Add a channel for messages, or a monitor for heartbeats'
            cand list 'List channels and monitors, and what could not be sent'
            cand test 'Send a real message through each channel and a real heartbeat to each monitor'
            cand remove 'Remove a channel or a monitor, and its secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;notify;help;add'= {
        }
        &'everlit;notify;help;list'= {
        }
        &'everlit;notify;help;test'= {
        }
        &'everlit;notify;help;remove'= {
        }
        &'everlit;notify;help;help'= {
        }
        &'everlit;target'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Add a place where fresh tokens go, and check its credential; writes no token there'
            cand list 'List targets: what a delivery does, and whether the token in use was delivered'
            cand test 'Deliver the current token now, even where it is already'
            cand push 'Deliver the current token now to every target that lacks it'
            cand remove 'Remove a target and its secrets; the token stays there'
            cand explain 'Explain a kind: its settings, where to get the credential, when a token takes effect'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;target;add'= {
            cand --kind 'Kind of target; `everlit target explain KIND` says what it needs'
            cand --set 'A setting, such as project=prj_123 or key=IG_ACCESS_TOKEN; can be repeated, also for the items of a list'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --stdin 'Read the secrets from stdin, one on each line, in the order asked'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;target;list'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;target;test'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;target;push'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;target;remove'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;target;explain'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;target;help'= {
            cand add 'Add a place where fresh tokens go, and check its credential; writes no token there'
            cand list 'List targets: what a delivery does, and whether the token in use was delivered'
            cand test 'Deliver the current token now, even where it is already'
            cand push 'Deliver the current token now to every target that lacks it'
            cand remove 'Remove a target and its secrets; the token stays there'
            cand explain 'Explain a kind: its settings, where to get the credential, when a token takes effect'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;target;help;add'= {
        }
        &'everlit;target;help;list'= {
        }
        &'everlit;target;help;test'= {
        }
        &'everlit;target;help;push'= {
        }
        &'everlit;target;help;remove'= {
        }
        &'everlit;target;help;explain'= {
        }
        &'everlit;target;help;help'= {
        }
        &'everlit;account'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Add an account, with its token on stdin or without a token'
            cand list 'List the accounts'
            cand show 'Show one account'
            cand pause 'Stop all work on an account'
            cand resume 'Go on with it'
            cand rename 'Give an account another name'
            cand tag 'Give an account tags, in the place of those it has'
            cand app 'Say which Meta app issues the tokens of an account'
            cand remove 'Remove an account with its tokens'
            cand import 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export'
            cand export 'Write accounts with their tokens into a new file, encrypted with the vault''s master key'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;account;add'= {
            cand --tag 'A word to find it by; can be repeated'
            cand --app 'The Meta app that issues its tokens, by its name in `everlit app list`'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --stdin 'Read the token from stdin'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;list'= {
            cand --tag 'Only accounts with this tag'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;show'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;pause'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;resume'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;rename'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;tag'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;app'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --none 'The one of the settings, or none'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;remove'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --yes 'Do not ask'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;import'= {
            cand --format 'What the sources are, if that cannot be recognized'
            cand --map 'The columns of a table, such as name=Client,token=Key; fields: name, token, tags, expires_at, expires_in, refreshed_at'
            cand --table 'The table of a database'
            cand --tag 'A word to find the imported accounts by; can be repeated'
            cand --app 'The Meta app that issues their tokens, by its name in `everlit app list`'
            cand --master-key-file 'The master key of the vault that an export comes from'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --replace 'Where an account of the vault has another token, put the imported one in its place'
            cand --dry-run 'Show what would be imported, and change nothing'
            cand --yes 'Do not ask'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;export'= {
            cand --tag 'Only accounts with this tag'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;account;help'= {
            cand add 'Add an account, with its token on stdin or without a token'
            cand list 'List the accounts'
            cand show 'Show one account'
            cand pause 'Stop all work on an account'
            cand resume 'Go on with it'
            cand rename 'Give an account another name'
            cand tag 'Give an account tags, in the place of those it has'
            cand app 'Say which Meta app issues the tokens of an account'
            cand remove 'Remove an account with its tokens'
            cand import 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export'
            cand export 'Write accounts with their tokens into a new file, encrypted with the vault''s master key'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;account;help;add'= {
        }
        &'everlit;account;help;list'= {
        }
        &'everlit;account;help;show'= {
        }
        &'everlit;account;help;pause'= {
        }
        &'everlit;account;help;resume'= {
        }
        &'everlit;account;help;rename'= {
        }
        &'everlit;account;help;tag'= {
        }
        &'everlit;account;help;app'= {
        }
        &'everlit;account;help;remove'= {
        }
        &'everlit;account;help;import'= {
        }
        &'everlit;account;help;export'= {
        }
        &'everlit;account;help;help'= {
        }
        &'everlit;app'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Add a Meta app, or give it another id or secret'
            cand list 'List the apps, and how many accounts each has'
            cand remove 'Remove an app and its secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;app;add'= {
            cand --platform 'The platform of the id and the secret: Meta gives one app a pair for each'
            cand --id 'The app''s id, a number'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --stdin 'Read the app''s secret from stdin'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;app;list'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;app;remove'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;app;help'= {
            cand add 'Add a Meta app, or give it another id or secret'
            cand list 'List the apps, and how many accounts each has'
            cand remove 'Remove an app and its secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;app;help;add'= {
        }
        &'everlit;app;help;list'= {
        }
        &'everlit;app;help;remove'= {
        }
        &'everlit;app;help;help'= {
        }
        &'everlit;vault'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand create 'Create a vault, with a master key if there is none'
            cand check 'Read every account, and name those that cannot be read'
            cand migrate 'Bring the tables of an older vault up to date'
            cand backup 'Copy a SQLite vault while others work with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;vault;create'= {
            cand --master-key-file 'Where the master key is, or is to be [default: everlit-master.key]'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;vault;check'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;vault;migrate'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;vault;backup'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;vault;help'= {
            cand create 'Create a vault, with a master key if there is none'
            cand check 'Read every account, and name those that cannot be read'
            cand migrate 'Bring the tables of an older vault up to date'
            cand backup 'Copy a SQLite vault while others work with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;vault;help;create'= {
        }
        &'everlit;vault;help;check'= {
        }
        &'everlit;vault;help;migrate'= {
        }
        &'everlit;vault;help;backup'= {
        }
        &'everlit;vault;help;help'= {
        }
        &'everlit;key'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand create 'Make a master key in a new file'
            cand rotate 'Make a new data key, or lock the vault with another master key'
            cand status 'Show the keys, and how many accounts each has sealed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;key;create'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;key;rotate'= {
            cand --master-key-file 'Lock the vault with the master key in this file'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --now 'Seal all accounts with the new key at once; can be interrupted'
            cand --resume 'Make no new key: go on where --now was interrupted'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;key;status'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;key;help'= {
            cand create 'Make a master key in a new file'
            cand rotate 'Make a new data key, or lock the vault with another master key'
            cand status 'Show the keys, and how many accounts each has sealed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;key;help;create'= {
        }
        &'everlit;key;help;rotate'= {
        }
        &'everlit;key;help;status'= {
        }
        &'everlit;key;help;help'= {
        }
        &'everlit;serve'= {
            cand --listen 'Answer about health and metrics here [default: 127.0.0.1:4011]'
            cand --concurrency 'Work on at most this many accounts at once [default: 64]'
            cand --log-format 'How to log to stderr [default: text on a terminal, json elsewhere]'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --demo 'Serve a hundred made-up accounts of a sandbox, in a temporary folder or in the vault of --vault'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;listen'= {
            cand --address 'Where to listen [default: 127.0.0.1:8080; port PORT of every address where that is set]'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;run'= {
            cand --signal 'Send this signal to the command when there is a new token'
            cand --grace 'Seconds to wait before killing the command'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --restart-on-refresh 'Restart the command when there is a new token'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;token'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --reveal 'Print it even on a terminal'
            cand --newline 'Add a newline'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;history'= {
            cand -n 'Number of latest events'
            cand --limit 'Number of latest events'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;doctor'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --verbose 'Also list what is fine'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;explain'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;sandbox'= {
            cand --port 'The port on 127.0.0.1; 0 picks a free one'
            cand --seed 'The seed of its faults; the same seed gives the same faults'
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --friendly 'No faults, one shape for each reply'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;demo'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --keep 'Keep the folder'
            cand --fast 'Do not pause between scenes'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;completions'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;man'= {
            cand -C 'Run as if started in DIR'
            cand --dir 'Run as if started in DIR'
            cand --vault 'The vault that holds the accounts, such as sqlite:everlit.db'
            cand --env-file 'The env file that holds the token [default: .env.local]'
            cand --key 'The token''s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]'
            cand --metadata 'The metadata file [default: scripts/instagram-token.json]'
            cand --threshold-days 'Refresh when fewer days than this are left [default: 30]'
            cand --timeout 'Timeout of one call to Meta [default: 30]'
            cand --account 'Only this account of everlit.toml or the vault; can be repeated'
            cand --ca-file 'Also trust the certificates in this PEM file, such as a company proxy''s'
            cand --color 'When to use color; auto obeys NO_COLOR'
            cand --no-input 'Never ask questions; fail instead'
            cand --json 'Print one JSON document instead of text'
            cand -q 'Print nothing when all is well'
            cand --quiet 'Print nothing when all is well'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'everlit;help'= {
            cand refresh 'Check every token and refresh those that are due; the command for cron'
            cand status 'Show what is healthy, what is due and what needs a person; no network'
            cand init 'Set up this folder: find the env file, add the npm script, check .gitignore'
            cand connect 'Get a token by browser login or paste; also replaces a dead one'
            cand schedule 'Run everlit once a day with this machine''s scheduler'
            cand notify 'Manage who is notified when a person is needed'
            cand target 'Manage where fresh tokens go besides the env file'
            cand account 'Manage the accounts of a vault'
            cand app 'Manage the Meta apps that issue the tokens of a vault''s accounts'
            cand vault 'Manage the encrypted database that holds many accounts'
            cand key 'Manage the keys of the vault'
            cand serve 'Keep the accounts of a vault alive for as long as this runs'
            cand listen 'Start a run when a signed HTTP request asks for it: for crons that run no programs'
            cand run 'Run a command with the fresh token in its environment'
            cand token 'Print a token to a pipe'
            cand history 'Show what happened and when'
            cand doctor 'Check everything and print a fix for each finding; safe to paste in public'
            cand explain 'Explain a Meta error or an exit code'
            cand sandbox 'Run a local Meta with a settable clock and faults'
            cand demo 'Play the whole story in a few seconds, in a temporary folder; no account needed'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'everlit;help;refresh'= {
        }
        &'everlit;help;status'= {
        }
        &'everlit;help;init'= {
        }
        &'everlit;help;connect'= {
        }
        &'everlit;help;schedule'= {
            cand install 'Install a daily job into this machine''s scheduler, verify it, and run it once'
            cand show 'Show the job for this folder, its next run and the result of its last'
            cand remove 'Remove everything that install has installed'
            cand print 'Print the files for a scheduler, or write them to a folder'
            cand check 'Simulate a schedule and report how many sites would lose their token'
        }
        &'everlit;help;schedule;install'= {
        }
        &'everlit;help;schedule;show'= {
        }
        &'everlit;help;schedule;remove'= {
        }
        &'everlit;help;schedule;print'= {
        }
        &'everlit;help;schedule;check'= {
        }
        &'everlit;help;notify'= {
            cand add 'Add a channel for messages, or a monitor for heartbeats'
            cand list 'List channels and monitors, and what could not be sent'
            cand test 'Send a real message through each channel and a real heartbeat to each monitor'
            cand remove 'Remove a channel or a monitor, and its secret'
        }
        &'everlit;help;notify;add'= {
        }
        &'everlit;help;notify;list'= {
        }
        &'everlit;help;notify;test'= {
        }
        &'everlit;help;notify;remove'= {
        }
        &'everlit;help;target'= {
            cand add 'Add a place where fresh tokens go, and check its credential; writes no token there'
            cand list 'List targets: what a delivery does, and whether the token in use was delivered'
            cand test 'Deliver the current token now, even where it is already'
            cand push 'Deliver the current token now to every target that lacks it'
            cand remove 'Remove a target and its secrets; the token stays there'
            cand explain 'Explain a kind: its settings, where to get the credential, when a token takes effect'
        }
        &'everlit;help;target;add'= {
        }
        &'everlit;help;target;list'= {
        }
        &'everlit;help;target;test'= {
        }
        &'everlit;help;target;push'= {
        }
        &'everlit;help;target;remove'= {
        }
        &'everlit;help;target;explain'= {
        }
        &'everlit;help;account'= {
            cand add 'Add an account, with its token on stdin or without a token'
            cand list 'List the accounts'
            cand show 'Show one account'
            cand pause 'Stop all work on an account'
            cand resume 'Go on with it'
            cand rename 'Give an account another name'
            cand tag 'Give an account tags, in the place of those it has'
            cand app 'Say which Meta app issues the tokens of an account'
            cand remove 'Remove an account with its tokens'
            cand import 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export'
            cand export 'Write accounts with their tokens into a new file, encrypted with the vault''s master key'
        }
        &'everlit;help;account;add'= {
        }
        &'everlit;help;account;list'= {
        }
        &'everlit;help;account;show'= {
        }
        &'everlit;help;account;pause'= {
        }
        &'everlit;help;account;resume'= {
        }
        &'everlit;help;account;rename'= {
        }
        &'everlit;help;account;tag'= {
        }
        &'everlit;help;account;app'= {
        }
        &'everlit;help;account;remove'= {
        }
        &'everlit;help;account;import'= {
        }
        &'everlit;help;account;export'= {
        }
        &'everlit;help;app'= {
            cand add 'Add a Meta app, or give it another id or secret'
            cand list 'List the apps, and how many accounts each has'
            cand remove 'Remove an app and its secret'
        }
        &'everlit;help;app;add'= {
        }
        &'everlit;help;app;list'= {
        }
        &'everlit;help;app;remove'= {
        }
        &'everlit;help;vault'= {
            cand create 'Create a vault, with a master key if there is none'
            cand check 'Read every account, and name those that cannot be read'
            cand migrate 'Bring the tables of an older vault up to date'
            cand backup 'Copy a SQLite vault while others work with it'
        }
        &'everlit;help;vault;create'= {
        }
        &'everlit;help;vault;check'= {
        }
        &'everlit;help;vault;migrate'= {
        }
        &'everlit;help;vault;backup'= {
        }
        &'everlit;help;key'= {
            cand create 'Make a master key in a new file'
            cand rotate 'Make a new data key, or lock the vault with another master key'
            cand status 'Show the keys, and how many accounts each has sealed'
        }
        &'everlit;help;key;create'= {
        }
        &'everlit;help;key;rotate'= {
        }
        &'everlit;help;key;status'= {
        }
        &'everlit;help;serve'= {
        }
        &'everlit;help;listen'= {
        }
        &'everlit;help;run'= {
        }
        &'everlit;help;token'= {
        }
        &'everlit;help;history'= {
        }
        &'everlit;help;doctor'= {
        }
        &'everlit;help;explain'= {
        }
        &'everlit;help;sandbox'= {
        }
        &'everlit;help;demo'= {
        }
        &'everlit;help;completions'= {
        }
        &'everlit;help;man'= {
        }
        &'everlit;help;help'= {
        }
    ]
    $completions[$command]
}

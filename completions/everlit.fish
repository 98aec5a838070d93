# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_everlit_global_optspecs
    string join \n C/dir= vault= env-file= key= metadata= threshold-days= timeout= account= ca-file= no-input json q/quiet color= h/help V/version
end

function __fish_everlit_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_everlit_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_everlit_using_subcommand
    set -l cmd (__fish_everlit_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c everlit -n "__fish_everlit_needs_command" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_needs_command" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_needs_command" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_needs_command" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_needs_command" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_needs_command" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_needs_command" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_needs_command" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_needs_command" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_needs_command" -s V -l version -d 'Print version'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "refresh" -d 'Check every token and refresh those that are due; the command for cron'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "status" -d 'Show what is healthy, what is due and what needs a person; no network'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "init" -d 'Set up this folder: find the env file, add the npm script, check .gitignore'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "connect" -d 'Get a token by browser login or paste; also replaces a dead one'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "schedule" -d 'Run everlit once a day with this machine\'s scheduler'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "notify" -d 'Manage who is notified when a person is needed'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "target" -d 'Manage where fresh tokens go besides the env file'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "account" -d 'Manage the accounts of a vault'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "app" -d 'Manage the Meta apps that issue the tokens of a vault\'s accounts'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "vault" -d 'Manage the encrypted database that holds many accounts'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "key" -d 'Manage the keys of the vault'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "serve" -d 'Keep the accounts of a vault alive for as long as this runs'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "listen" -d 'Start a run when a signed HTTP request asks for it: for crons that run no programs'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "run" -d 'Run a command with the fresh token in its environment'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "token" -d 'Print a token to a pipe'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "history" -d 'Show what happened and when'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "doctor" -d 'Check everything and print a fix for each finding; safe to paste in public'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "explain" -d 'Explain a Meta error or an exit code'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "sandbox" -d 'Run a local Meta with a settable clock and faults'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "demo" -d 'Play the whole story in a few seconds, in a temporary folder; no account needed'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "man" -d 'Print the manual page'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l force -d 'Refresh now, regardless of dates and stored waits (tokens under 24 hours old are still skipped)'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l dry-run -d 'Show what would be done; call nobody, write nothing'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l watch -d 'Keep running and refresh on schedule: for containers without a scheduler'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand status" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand status" -l live -d 'Ask Meta whether each token works'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l check -d 'One line for a monitor'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l all -d 'Show every account, also where there are many and they are well'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand status" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand init" -l dry-run -d 'Show what would be changed; change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand init" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand init" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l kind -d 'The token\'s platform, if its prefix is unknown: instagram, threads or facebook' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l page -d 'Use the token of this Facebook page instead of its owner\'s' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l guide -d 'Show how to create a token by hand, for instagram (default), threads or facebook' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l scope -d 'Also request this permission; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l config-id -d 'Login configuration of a Facebook app (Facebook Login for Business), instead of permissions' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l port -d 'The local port for the browser\'s answer [default: 8447]; 0 picks a free one' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l redirect-uri -d 'Your own registered redirect URI; the final address is then pasted' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l wait -d 'How long to wait for the answer' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l instagram -d 'Log in to Instagram with the browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l threads -d 'Log in to Threads with the browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l facebook -d 'Log in to Facebook with the browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l stdin -d 'Read the token from stdin instead of asking for it'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l exchange -d 'Exchange a short-lived (one-hour) token for a long-lived one; needs the app\'s id and secret'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l replace-account -d 'Allow the token to belong to another account than the current one'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l paste -d 'Paste the final address instead of waiting for the browser (over SSH, in a container)'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l no-browser -d 'Print the login address; do not open a browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l force-login -d 'Ask for the password even if the browser is logged in (Instagram, Facebook): for another account'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l http -d 'Use plain http for the answer, where Meta\'s dashboard allows it (Facebook)'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -f -a "install" -d 'Install a daily job into this machine\'s scheduler, verify it, and run it once'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -f -a "show" -d 'Show the job for this folder, its next run and the result of its last'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -f -a "remove" -d 'Remove everything that install has installed'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -f -a "print" -d 'Print the files for a scheduler, or write them to a folder'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -f -a "check" -d 'Simulate a schedule and report how many sites would lose their token'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l with -d 'Use this scheduler instead of the best one available' -r -f -a "cron\t''
systemd\t''
systemd-user\t''
launchd\t''
windows\t''"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l dry-run -d 'Print what would be done and change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l no-run -d 'Skip the test run'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l force -d 'Replace the job even if somebody has edited it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l gone -d 'Remove the jobs of folders that no longer exist, and no others'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l dry-run -d 'Print what would be done and change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l force -d 'Remove the job even if somebody has edited it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s o -l output -d 'Write the files to this folder instead' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l user -d 'The user of a system unit or a crontab [default: the owner of the project folder]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l cron -d 'Check this cron line instead of a file' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "install" -d 'Install a daily job into this machine\'s scheduler, verify it, and run it once'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the job for this folder, its next run and the result of its last'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove everything that install has installed'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "print" -d 'Print the files for a scheduler, or write them to a folder'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "check" -d 'Simulate a schedule and report how many sites would lose their token'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -f -a "add" -d 'Add a channel for messages, or a monitor for heartbeats'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -f -a "list" -d 'List channels and monitors, and what could not be sent'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -f -a "test" -d 'Send a real message through each channel and a real heartbeat to each monitor'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -f -a "remove" -d 'Remove a channel or a monitor, and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l kind -d 'Kind of channel (slack to command) or monitor (healthchecks to url)' -r -f -a "slack\t''
discord\t''
teams\t''
ntfy\t''
email\t''
webhook\t''
command\t''
healthchecks\t''
uptime-kuma\t''
cronitor\t''
snitch\t''
url\t''"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l server -d 'email: the mail server, such as mail.example.com or mail.example.com:2525' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l security -d 'email: encryption of the connection [default: starttls]' -r -f -a "starttls\t''
tls\t''
none\t''"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l from -d 'email: the sender' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l to -d 'email: a recipient; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l user -d 'email: user name for the mail server; asks for the password' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l fallback -d 'Use it only when another channel fails'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l stdin -d 'Read the secret (a URL, a password) from stdin; further ones on lines of their own, in the order asked'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a channel for messages, or a monitor for heartbeats'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "list" -d 'List channels and monitors, and what could not be sent'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "test" -d 'Send a real message through each channel and a real heartbeat to each monitor'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a channel or a monitor, and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "add" -d 'Add a place where fresh tokens go, and check its credential; writes no token there'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "list" -d 'List targets: what a delivery does, and whether the token in use was delivered'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "test" -d 'Deliver the current token now, even where it is already'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "push" -d 'Deliver the current token now to every target that lacks it'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "remove" -d 'Remove a target and its secrets; the token stays there'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "explain" -d 'Explain a kind: its settings, where to get the credential, when a token takes effect'
complete -c everlit -n "__fish_everlit_using_subcommand target; and not __fish_seen_subcommand_from add list test push remove explain help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l kind -d 'Kind of target; `everlit target explain KIND` says what it needs' -r -f -a "env-file\t''
file\t''
command\t''
webhook\t''
github-secret\t''
gitlab-variable\t''
vercel\t''
netlify\t''
heroku\t''
cloudflare-kv\t''
cloudflare-worker-secret\t''
kubernetes-secret\t''
vault-kv\t''
doppler\t''
azure-keyvault\t''
gcp-secret\t''
postgres\t''
redis\t''
upstash\t''
aws-ssm\t''
aws-secretsmanager\t''"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l set -d 'A setting, such as project=prj_123 or key=IG_ACCESS_TOKEN; can be repeated, also for the items of a list' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l stdin -d 'Read the secrets from stdin, one on each line, in the order asked'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from push" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a place where fresh tokens go, and check its credential; writes no token there'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "list" -d 'List targets: what a delivery does, and whether the token in use was delivered'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "test" -d 'Deliver the current token now, even where it is already'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "push" -d 'Deliver the current token now to every target that lacks it'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a target and its secrets; the token stays there'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "explain" -d 'Explain a kind: its settings, where to get the credential, when a token takes effect'
complete -c everlit -n "__fish_everlit_using_subcommand target; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "add" -d 'Add an account, with its token on stdin or without a token'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "list" -d 'List the accounts'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "show" -d 'Show one account'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "pause" -d 'Stop all work on an account'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "resume" -d 'Go on with it'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "rename" -d 'Give an account another name'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "tag" -d 'Give an account tags, in the place of those it has'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "app" -d 'Say which Meta app issues the tokens of an account'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "remove" -d 'Remove an account with its tokens'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "import" -d 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "export" -d 'Write accounts with their tokens into a new file, encrypted with the vault\'s master key'
complete -c everlit -n "__fish_everlit_using_subcommand account; and not __fish_seen_subcommand_from add list show pause resume rename tag app remove import export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l tag -d 'A word to find it by; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l app -d 'The Meta app that issues its tokens, by its name in `everlit app list`' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l stdin -d 'Read the token from stdin'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l tag -d 'Only accounts with this tag' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from tag" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l none -d 'The one of the settings, or none'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from app" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l yes -d 'Do not ask'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l format -d 'What the sources are, if that cannot be recognized' -r -f -a "folder\t'A folder with projects in it'
csv\t'A table as text, with a header'
sqlite\t'A table of a SQLite database'
instatokend\t'The config.json of instatokend'
export\t'A file of `everlit account export`'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l map -d 'The columns of a table, such as name=Client,token=Key; fields: name, token, tags, expires_at, expires_in, refreshed_at' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l table -d 'The table of a database' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l tag -d 'A word to find the imported accounts by; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l app -d 'The Meta app that issues their tokens, by its name in `everlit app list`' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l master-key-file -d 'The master key of the vault that an export comes from' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l replace -d 'Where an account of the vault has another token, put the imported one in its place'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be imported, and change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l yes -d 'Do not ask'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l tag -d 'Only accounts with this tag' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add an account, with its token on stdin or without a token'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the accounts'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one account'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "pause" -d 'Stop all work on an account'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Go on with it'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Give an account another name'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "tag" -d 'Give an account tags, in the place of those it has'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "app" -d 'Say which Meta app issues the tokens of an account'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove an account with its tokens'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "import" -d 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write accounts with their tokens into a new file, encrypted with the vault\'s master key'
complete -c everlit -n "__fish_everlit_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -f -a "add" -d 'Add a Meta app, or give it another id or secret'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -f -a "list" -d 'List the apps, and how many accounts each has'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -f -a "remove" -d 'Remove an app and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand app; and not __fish_seen_subcommand_from add list remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l platform -d 'The platform of the id and the secret: Meta gives one app a pair for each' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l id -d 'The app\'s id, a number' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l stdin -d 'Read the app\'s secret from stdin'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a Meta app, or give it another id or secret'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the apps, and how many accounts each has'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove an app and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand app; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -f -a "create" -d 'Create a vault, with a master key if there is none'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -f -a "check" -d 'Read every account, and name those that cannot be read'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -f -a "migrate" -d 'Bring the tables of an older vault up to date'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -f -a "backup" -d 'Copy a SQLite vault while others work with it'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and not __fish_seen_subcommand_from create check migrate backup help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l master-key-file -d 'Where the master key is, or is to be [default: everlit-master.key]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from migrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a vault, with a master key if there is none'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from help" -f -a "check" -d 'Read every account, and name those that cannot be read'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from help" -f -a "migrate" -d 'Bring the tables of an older vault up to date'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Copy a SQLite vault while others work with it'
complete -c everlit -n "__fish_everlit_using_subcommand vault; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -f -a "create" -d 'Make a master key in a new file'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -f -a "rotate" -d 'Make a new data key, or lock the vault with another master key'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -f -a "status" -d 'Show the keys, and how many accounts each has sealed'
complete -c everlit -n "__fish_everlit_using_subcommand key; and not __fish_seen_subcommand_from create rotate status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l master-key-file -d 'Lock the vault with the master key in this file' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l now -d 'Seal all accounts with the new key at once; can be interrupted'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l resume -d 'Make no new key: go on where --now was interrupted'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make a master key in a new file'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Make a new data key, or lock the vault with another master key'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show the keys, and how many accounts each has sealed'
complete -c everlit -n "__fish_everlit_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l listen -d 'Answer about health and metrics here [default: 127.0.0.1:4011]' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l concurrency -d 'Work on at most this many accounts at once [default: 64]' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l log-format -d 'How to log to stderr [default: text on a terminal, json elsewhere]' -r -f -a "text\t'For people'
json\t'A JSON object on each line'"
complete -c everlit -n "__fish_everlit_using_subcommand serve" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l demo -d 'Serve a hundred made-up accounts of a sandbox, in a temporary folder or in the vault of --vault'
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand serve" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand serve" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l address -d 'Where to listen [default: 127.0.0.1:8080; port PORT of every address where that is set]' -r
complete -c everlit -n "__fish_everlit_using_subcommand listen" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand listen" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand listen" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand run" -l signal -d 'Send this signal to the command when there is a new token' -r -f -a "hup\t'Hang up: daemons reload their configuration'
usr1\t'User-defined 1'
usr2\t'User-defined 2: nodemon restarts'"
complete -c everlit -n "__fish_everlit_using_subcommand run" -l grace -d 'Seconds to wait before killing the command' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand run" -l restart-on-refresh -d 'Restart the command when there is a new token'
complete -c everlit -n "__fish_everlit_using_subcommand run" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand run" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand run" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand token" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand token" -l reveal -d 'Print it even on a terminal'
complete -c everlit -n "__fish_everlit_using_subcommand token" -l newline -d 'Add a newline'
complete -c everlit -n "__fish_everlit_using_subcommand token" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand token" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand token" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand history" -s n -l limit -d 'Number of latest events' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand history" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand history" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand history" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l verbose -d 'Also list what is fine'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l port -d 'The port on 127.0.0.1; 0 picks a free one' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l seed -d 'The seed of its faults; the same seed gives the same faults' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l friendly -d 'No faults, one shape for each reply'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l keep -d 'Keep the folder'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l fast -d 'Do not pause between scenes'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l vault -d 'The vault that holds the accounts, such as sqlite:everlit.db' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l metadata -d 'The metadata file [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l timeout -d 'Timeout of one call to Meta [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l account -d 'Only this account of everlit.toml or the vault; can be repeated' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l ca-file -d 'Also trust the certificates in this PEM file, such as a company proxy\'s' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l color -d 'When to use color; auto obeys NO_COLOR' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand man" -l no-input -d 'Never ask questions; fail instead'
complete -c everlit -n "__fish_everlit_using_subcommand man" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "refresh" -d 'Check every token and refresh those that are due; the command for cron'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "status" -d 'Show what is healthy, what is due and what needs a person; no network'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "init" -d 'Set up this folder: find the env file, add the npm script, check .gitignore'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "connect" -d 'Get a token by browser login or paste; also replaces a dead one'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "schedule" -d 'Run everlit once a day with this machine\'s scheduler'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "notify" -d 'Manage who is notified when a person is needed'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "target" -d 'Manage where fresh tokens go besides the env file'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "account" -d 'Manage the accounts of a vault'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "app" -d 'Manage the Meta apps that issue the tokens of a vault\'s accounts'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "vault" -d 'Manage the encrypted database that holds many accounts'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "key" -d 'Manage the keys of the vault'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "serve" -d 'Keep the accounts of a vault alive for as long as this runs'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "listen" -d 'Start a run when a signed HTTP request asks for it: for crons that run no programs'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "run" -d 'Run a command with the fresh token in its environment'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "token" -d 'Print a token to a pipe'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "history" -d 'Show what happened and when'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "doctor" -d 'Check everything and print a fix for each finding; safe to paste in public'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "explain" -d 'Explain a Meta error or an exit code'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "sandbox" -d 'Run a local Meta with a settable clock and faults'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "demo" -d 'Play the whole story in a few seconds, in a temporary folder; no account needed'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "man" -d 'Print the manual page'
complete -c everlit -n "__fish_everlit_using_subcommand help; and not __fish_seen_subcommand_from refresh status init connect schedule notify target account app vault key serve listen run token history doctor explain sandbox demo completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "install" -d 'Install a daily job into this machine\'s scheduler, verify it, and run it once'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "show" -d 'Show the job for this folder, its next run and the result of its last'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "remove" -d 'Remove everything that install has installed'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "print" -d 'Print the files for a scheduler, or write them to a folder'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from schedule" -f -a "check" -d 'Simulate a schedule and report how many sites would lose their token'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "add" -d 'Add a channel for messages, or a monitor for heartbeats'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "list" -d 'List channels and monitors, and what could not be sent'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "test" -d 'Send a real message through each channel and a real heartbeat to each monitor'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "remove" -d 'Remove a channel or a monitor, and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from target" -f -a "add" -d 'Add a place where fresh tokens go, and check its credential; writes no token there'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from target" -f -a "list" -d 'List targets: what a delivery does, and whether the token in use was delivered'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from target" -f -a "test" -d 'Deliver the current token now, even where it is already'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from target" -f -a "push" -d 'Deliver the current token now to every target that lacks it'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from target" -f -a "remove" -d 'Remove a target and its secrets; the token stays there'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from target" -f -a "explain" -d 'Explain a kind: its settings, where to get the credential, when a token takes effect'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "add" -d 'Add an account, with its token on stdin or without a token'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "list" -d 'List the accounts'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "show" -d 'Show one account'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "pause" -d 'Stop all work on an account'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "resume" -d 'Go on with it'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "rename" -d 'Give an account another name'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "tag" -d 'Give an account tags, in the place of those it has'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "app" -d 'Say which Meta app issues the tokens of an account'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "remove" -d 'Remove an account with its tokens'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "import" -d 'Bring accounts into the vault: from folders of projects, tables, instatokend, or an export'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "export" -d 'Write accounts with their tokens into a new file, encrypted with the vault\'s master key'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from app" -f -a "add" -d 'Add a Meta app, or give it another id or secret'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from app" -f -a "list" -d 'List the apps, and how many accounts each has'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from app" -f -a "remove" -d 'Remove an app and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from vault" -f -a "create" -d 'Create a vault, with a master key if there is none'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from vault" -f -a "check" -d 'Read every account, and name those that cannot be read'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from vault" -f -a "migrate" -d 'Bring the tables of an older vault up to date'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from vault" -f -a "backup" -d 'Copy a SQLite vault while others work with it'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "create" -d 'Make a master key in a new file'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "rotate" -d 'Make a new data key, or lock the vault with another master key'
complete -c everlit -n "__fish_everlit_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "status" -d 'Show the keys, and how many accounts each has sealed'

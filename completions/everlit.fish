# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_everlit_global_optspecs
    string join \n C/dir= env-file= key= metadata= threshold-days= timeout= account= ca-file= no-input json q/quiet color= h/help V/version
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
complete -c everlit -n "__fish_everlit_needs_command" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_needs_command" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_needs_command" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_needs_command" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_needs_command" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_needs_command" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_needs_command" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_needs_command" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_needs_command" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_needs_command" -s V -l version -d 'Print version'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "refresh" -d 'Look at every token and refresh those that are due; the command for cron'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "status" -d 'Show what is healthy, what is due and what needs a person, without asking Meta'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "init" -d 'Set up this folder: finds the env file, adds the npm script, checks .gitignore'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "connect" -d 'Get a token: browser login, pasted address, or pasted token; also repairs a dead one'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "schedule" -d 'Run once a day, on whatever this machine has'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "notify" -d 'Who is told when a person is needed'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "run" -d 'Run a command with the fresh token in its environment'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "token" -d 'Print a token to a pipe'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "history" -d 'Show what happened and when'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "doctor" -d 'Check everything and print the fix for each finding; safe to paste in public'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "explain" -d 'Say what a Meta error or an exit code means and what to do'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "sandbox" -d 'Run a local Meta with a settable clock and faults'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "demo" -d 'Play the whole story in a few seconds, in a throw-away folder; no account needed'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "man" -d 'Print the manual page'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l force -d 'Refresh now, whatever the dates and stored waits say (a token under 24 hours old is still left alone)'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l dry-run -d 'Say what would be done; ask nothing of Meta and write nothing'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l watch -d 'Stay and do it again by itself: one process and no scheduler, for containers'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand status" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand status" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand status" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand status" -l live -d 'Ask Meta whether each token works'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l check -d 'One line for a monitor'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand status" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand status" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand init" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand init" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand init" -l dry-run -d 'Say what would be changed and change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand init" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand init" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l kind -d 'What the token is, where its first letters do not say so: instagram, threads or facebook' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l page -d 'Take the token of this Facebook page instead of its owner\'s' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l guide -d 'Show how to make a token by hand, for instagram (default), threads or facebook' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l scope -d 'Also ask for this permission; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l config-id -d 'The login configuration of a Facebook app that has one (Facebook Login for Business), in place of permissions' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l port -d 'The port on this machine that takes the browser\'s answer [default: 8447]; 0 takes a free one' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l redirect-uri -d 'A redirect URI of your own that is registered with the app; its address is pasted then' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l wait -d 'How long to wait for the answer' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l instagram -d 'Log in to Instagram with the browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l threads -d 'Log in to Threads with the browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l facebook -d 'Log in to Facebook with the browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l stdin -d 'Read the token from stdin instead of asking for it'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l exchange -d 'Exchange a short-lived token (an hour, from a login of your own) for a long-lived one; takes the app\'s id and secret'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l replace-account -d 'Let the token be of another account than the one that is there'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l paste -d 'Do not wait for the browser\'s answer: paste the address it ends at (over SSH, in a container)'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l no-browser -d 'Print the address of the login and open no browser'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l force-login -d 'Ask for the password even where the browser is logged in (Instagram, Facebook): for another account'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l http -d 'Take the answer by plain http, where Meta\'s dashboard allows it (Facebook)'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand connect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -f -a "install" -d 'Install it into the scheduler that this machine has, prove that it will run, and run it once'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -f -a "show" -d 'Show what is installed for this folder, when it runs next and how the last run ended'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -f -a "remove" -d 'Take away all that install has put there'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -f -a "print" -d 'Print the files that make a scheduler run it, or write them into a folder'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and not __fish_seen_subcommand_from install show remove print check" -f -a "check" -d 'Say how many sites would lose their token with a schedule, by simulation'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l with -d 'This scheduler instead of the best one that is here' -r -f -a "systemd\t''
systemd-user\t''
cron\t''
launchd\t''
windows\t''"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l dry-run -d 'Say what would be done and change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l no-run -d 'Do not run it once in the scheduler\'s own surroundings'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l force -d 'Also over what somebody has changed by hand'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l gone -d 'Also the schedules of folders that are no longer there'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l dry-run -d 'Say what would be done and change nothing'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l force -d 'Also what somebody has changed by hand'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s o -l output -d 'Write the files into this folder instead' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l user -d 'Who a system unit runs as [default: who is logged in]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from print" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l cron -d 'This cron line instead of a file' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand schedule; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -f -a "add" -d 'Tell one more channel, or send a heartbeat to one more monitor'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -f -a "list" -d 'Show who is told, and what could not be sent'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -f -a "test" -d 'Send a real message through each channel and a heartbeat to each monitor'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and not __fish_seen_subcommand_from add list test remove" -f -a "remove" -d 'Forget a channel or a monitor, and its secret'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l kind -d 'What it is: a channel (slack to command), or a monitor that waits for a heartbeat (healthchecks to url)' -r -f -a "slack\t''
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
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l security -d 'email: how the connection is protected [default: starttls]' -r -f -a "starttls\t''
tls\t''
none\t''"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l from -d 'email: the sender' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l to -d 'email: a receiver; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l user -d 'email: who logs in to the mail server; the password is asked for' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l fallback -d 'Use it only when another channel fails'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l stdin -d 'Read the secret (an address, a password) from stdin; for ntfy and url, one more on each line, in the order asked'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand notify; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand run" -l signal -d 'Send this signal to the command when there is a new token' -r -f -a "hup\t'Hang up: daemons read their configuration again'
usr1\t'User-defined 1'
usr2\t'User-defined 2: nodemon restarts'"
complete -c everlit -n "__fish_everlit_using_subcommand run" -l grace -d 'How many seconds the command has to end before it is killed' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand run" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand run" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand run" -l restart-on-refresh -d 'End the command and start it again when there is a new token'
complete -c everlit -n "__fish_everlit_using_subcommand run" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand run" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand run" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand token" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand token" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand token" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand token" -l reveal -d 'Print it even to a terminal'
complete -c everlit -n "__fish_everlit_using_subcommand token" -l newline -d 'End it with a newline; otherwise nothing is added to it'
complete -c everlit -n "__fish_everlit_using_subcommand token" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand token" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand token" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand history" -s n -l limit -d 'How many of the latest events' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand history" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand history" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand history" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand history" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand history" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l port -d 'The port on 127.0.0.1; 0 takes a free one' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l seed -d 'The seed of its faults; the same seed makes the same faults' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l friendly -d 'Calm: no faults, one shape for each reply'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l keep -d 'Leave the folder for a look'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l fast -d 'Do not pause between the scenes'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s C -l dir -d 'Run as if started in DIR' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l env-file -d 'The env file that holds the token [default: .env.local]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l key -d 'The token\'s name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l metadata -d 'What is known about the token [default: scripts/instagram-token.json]' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l threshold-days -d 'Refresh when fewer days than this are left [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l timeout -d 'How long one call to Meta may take [default: 30]' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l account -d 'Only this account of `everlit.toml`; may be given several times' -r
complete -c everlit -n "__fish_everlit_using_subcommand man" -l ca-file -d 'Also trust the certificates in this PEM file (a company\'s proxy)' -r -F
complete -c everlit -n "__fish_everlit_using_subcommand man" -l color -d 'Colours; `auto` also obeys `NO_COLOR`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c everlit -n "__fish_everlit_using_subcommand man" -l no-input -d 'Never ask a question: fail with the command that answers it'
complete -c everlit -n "__fish_everlit_using_subcommand man" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'

# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_everlit_global_optspecs
    string join \n C/dir= env-file= key= metadata= threshold-days= timeout= account= ca-file= json q/quiet color= h/help V/version
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
complete -c everlit -n "__fish_everlit_needs_command" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_needs_command" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c everlit -n "__fish_everlit_needs_command" -s V -l version -d 'Print version'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "refresh" -d 'Look at every token and refresh those that are due; the command for cron'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "status" -d 'Show what is healthy, what is due and what needs a person, without asking Meta'
complete -c everlit -n "__fish_everlit_needs_command" -f -a "init" -d 'Set up this folder: finds the env file, adds the npm script, checks .gitignore'
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
complete -c everlit -n "__fish_everlit_using_subcommand init" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
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
complete -c everlit -n "__fish_everlit_using_subcommand man" -l json -d 'Print one JSON document instead of text'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s q -l quiet -d 'Print nothing when all is well'
complete -c everlit -n "__fish_everlit_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'

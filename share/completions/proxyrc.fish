# proxyrc.fish - completion for fish: asks the program, and keeps no list of its own
#
# The words go over a pipe, not as arguments: there may be a password among them, and arguments can be seen by others.

function __proxyrc_complete
    set -l words (commandline -opc)
    set -l raw (commandline -ct)
    set -l current (string unescape -- $raw)
    or set current (string replace -r '^["\']' '' -- $raw)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l lines (printf '%s\0' $words "$current" | command $program --complete plain 2>/dev/null)
    or return
    set -l head (string split -m 1 \t -- $lines[1])
    set -e lines[1]
    printf '%s\n' $lines
    set -l rest (string sub -s (math (string length -- "$head[2]") + 1) -- "$current")
    switch "$head[1]"
        case files
            string replace -r '^' -- (string replace -a '\\' '\\\\' -- "$head[2]") (__fish_complete_path "$rest")
        case folders
            string replace -r '^' -- (string replace -a '\\' '\\\\' -- "$head[2]") (__fish_complete_directories "$rest" '')
    end
end

complete -c proxyrc -f -a '(__proxyrc_complete)'

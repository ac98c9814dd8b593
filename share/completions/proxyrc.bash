# proxyrc.bash - completion for bash: asks the program, and keeps no list of its own
#
# The words go over a pipe, not as arguments: there may be a password among them, and arguments can be seen by others.

_proxyrc () {
    local rest=$COMP_LINE word= before i reply line kind=words skip=0 quoted=
    local -a words=()

    # Bash has cut the words at every '=' and ':'; those with nothing between them belong together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        before=
        if [[ -n $word ]]; then
            before=${rest%%"$word"*}
            rest=${rest#*"$word"}
        elif [[ $rest == [[:space:]]* ]]; then
            before=' '
        fi
        if [[ $i -eq 0 || -n $before ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
    done

    # Only what stands before the cursor counts.
    i=$((${#COMP_LINE} - ${#rest} - COMP_POINT))
    if ((i > 0 && i <= ${#word})); then
        word=${word:0:${#word} - i}
        line=${words[${#words[@]} - 1]}
        words[${#words[@]} - 1]=${line:0:${#line} - i}
    fi

    # What bash will replace is the last piece.
    line=${words[${#words[@]} - 1]}
    [[ $word == [=:] ]] && word=
    skip=$((${#line} - ${#word}))
    [[ ${line:0:skip} == *[\"\'\\]* ]] && return
    [[ $word == [\"\']* ]] && quoted=yes

    COMPREPLY=()
    reply=$(printf '%s\0' "${words[@]}" | "${1/#\~\//$HOME/}" --complete raw 2>/dev/null) || return
    while IFS= read -r line; do
        if [[ $kind == words && $line == @(words|files|folders)$'\t'* && -n $reply ]]; then
            kind=${line%%$'\t'*}
            reply=
            continue
        fi
        word=${line%%$'\t'*}
        word=${word:skip}
        if [[ -z $quoted ]]; then
            printf -v word %q "$word"
            word=${word//\\,/,}
        fi
        COMPREPLY+=("$word")
    done <<<"$reply"
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
    case $kind in
        files) compopt -o default 2>/dev/null ;;
        folders) compopt -o dirnames 2>/dev/null ;;
    esac
}

complete -F _proxyrc proxyrc

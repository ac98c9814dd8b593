#include "test.h"

#include <time.h>

#include "edit-check.h"

/* What files say */

typedef struct {
    const char *format, *text, *summary;
} Row;

static const Row rows[] = {
    { "sh", "export a=1 b=2\n", "1 a=1 | 1 b=2" },
    { "sh", "a=1; export a\n", "1 a=1 | 1 +a" },
    { "sh", "a=1\n", "1 a=1 [p]" },
    { "sh", "export a\na=1\n", "1 +a | 2 a=1" },
    { "bash", "export a=1\nexport -n a\n", "1 a=1 [p] | 2 -a" },
    { "bash", "a=1\nexport -n a\nexport a\n", "1 a=1 | 2 -a [p] | 3 +a" },
    { "sh", "export a=1\nunset a\n", "1 a=1 [p] | 2 -a" },
    { "bash", "declare -x a=1; typeset -x b=2; declare c=3\n", "1 a=1 | 1 b=2 | 1 c=3 [p]" },
    { "sh", "export a='x y'\"z\"\\ q\n", "1 a=x yz q" },
    { "bash", "export a=$'x\\ty\\'\\x41'\n", "1 a=x\ty'A" },
    { "sh", "export a=$'x'\n", "1 a=$x" },
    { "sh", "h=host; export p=http://$h:3128\n", "1 h=host [p] | 1 p=http://host:3128" },
    { "sh", "export p=http://$USER@h\n", "1 p=? [d]" },
    { "sh", "export p=$(cat f)\n", "1 p=? [d]" },
    { "sh", "if x; then export a=1; fi\n", "1 a=1 [c]" },
    { "sh", "x && export a=1\n", "1 a=1 [c]" },
    { "sh", "export a=1 && export b=2\n", "1 a=1 | 1 b=2" },
    { "sh", "( export a=1 )\nexport b=2 &\nexport c=3 | cat\na=1 cmd\nenv d=4 cmd\n", "" },
    { "zsh", "echo | export c=3\n", "1 c=3" },
    { "sh", "export a=1 b=$a\n", "1 a=1 | 1 b=? [d]" },
    { "sh", "a=1\n: ${a:=2} ${b:=3}\nexport a b\n",
      "1 a=1 | 2 a=2 [ci] | 2 b=3 [c] | 3 +a | 3 +b" },
    { "sh", "set -a\na=1\nset +a\nb=2\n", "2 a=1 | 4 b=2 [p]" },
    { "sh", "export a=1\nreturn\nexport b=2\n", "1 a=1 | 3 b=2 [i]" },
    { "sh", "[ -z \"$PS1\" ] && return\nexport b=2\n", "2 b=2 [t]" },
    { "sh", "A=1\nexport b=\"$A\\\nx\" c=$A\\\n\n", "1 A=1 [p] | 2 b=? [d] | 3 c=1" },
    { "bash", "f() { if x; then local a=1; fi; a=2; }\nexport a=0\nf\n",
      "1 a=2 [c] | 2 a=0 [c]" },
    { "bash", "f() { local a=1; if x; then a=2; fi; a=3; }\nexport a=0\nf\n", "2 a=0" },
    { "bash", "f() { local a=l; declare -gx a=2; }\nexport a=0\nf\n", "2 a=0 [c]" },
    { "bash", "b=1\n\\export a=$c\n", "1 b=1 [c] | 2 a=? [d]" },
    { "zsh", "a=1\ntypeset +x a\n[[ -n $b ]] && export a\n", "1 a=1 [c] | 2 -a [c] | 3 +a [c]" },
    { "bash", "export {http,https}_proxy=x\n", "1 http_proxy=? [d] | 1 https_proxy=? [d]" },
    { "sh", "export {http,https}_proxy=x\n", "" },
    { "bash", "for p in http https; do export \"${p}_proxy\"=x; done\n",
      "1 p=? [cdp] | 1 http_proxy=? [cd] | 1 https_proxy=? [cd]" },
    { "sh", "for v in a b $c; do for w in d; do export $v$w=1; done; done\n",
      "1 v=? [cd] | 1 w=? [cd] | 1 ad=? [cd] | 1 bd=? [cd]" },
    { "bash", "export $x=1 ${y}_z=2 `id`=3 {a,b=4\n", "" },
    { "zsh", "export {a,b}_c=x=y\n", "1 a_c=? [d] | 1 b_c=? [d]" },
    { "bash", "export a_b=1 c_b=1\nunset {a,d}_b\n",
      "1 a_b=1 [c] | 1 c_b=1 | 2 -a_b [cd] | 2 -d_b [cd]" },
    { "bash", "export a_b=1\nfor v in {a,c}; do unset ${v}_b; done\n",
      "1 a_b=1 [c] | 2 v=? [cdp] | 2 -a_b [cd] | 2 -c_b [cd]" },
    { "bash", "for v in a; do export ${v}_p=1 ${v^^}_P=2; done\n",
      "1 v=? [cdp] | 1 a_p=? [cd] | 1 A_P=? [cd]" },
    { "zsh", "for v (a b) { export ${v:u}=1; typeset -x ${(U)v}_P=2 }\n",
      "1 v=? [cdp] | 1 A=? [cd] | 1 B=? [cd] | 1 A_P=? [cd] | 1 B_P=? [cd]" },
    { "bash", "export a=1\nb=2\nexport $(cat f)\n", "1 a=1 [c] | 2 b=2 [c]" },
    { "bash", "export a=1\nfor v in $(env); do unset $v; done\nexport b=1\n",
      "1 a=1 [c] | 2 v=? [cdp] | 3 b=1" },
    { "bash", "f() { export \"$1=$2\"; }\nexport a=1\nf b 2\n", "2 a=1 [c] | 3 b=? [cd]" },
    { "bash", "f() { unset \"$1\"; }\nexport a=1\n", "2 a=1" },
    { "zsh", "export ab=1\nunset -m 'a*'\nexport b=1\n", "1 ab=1 [c] | 3 b=1" },
    { "zsh", "export a=${b^^}\nexport c=1\n", "1 a=? [cd] | 2 c=1 [c]" },
    { "sh", "export a=${b//x/y}\nexport c=${b%%x*}\n", "1 a=? [cd] | 2 c=? [cd]" },
    { "bash", "[[ $- == *i* ]] || return\nexport b=2\n", "2 b=2 [t]" },
    { "bash", "case $- in\n *i*) ;;\n *) return;;\nesac\nexport b=2\n", "5 b=2 [t]" },
    { "bash", "if [ -n \"$BASH_VERSION\" ]; then export b=2; else export b=3; fi\n",
      "1 b=2 | 1 b=3 [i]" },
    { "bash", "[ \"${BASH-}\" ] && export b=2\n[ ! \"$BASH\" ] && return\nexport c=3\n",
      "1 b=2 | 3 c=3" },
    { "sh", "if [ -n \"$BASH_VERSION\" ]; then export b=2; fi\n", "1 b=2 [c]" },
    { "sh", "[ -z \"$X\" ] && return\nexport b=2\n", "2 b=2 [c]" },
    { "sh", "cat <<E\nexport a=1\nE\nexport b=2\n", "4 b=2" },
    { "bash", "export X = 1\nexport b=2\n", "1 +X | 2 b=2" },
    { "sh", "export X = 1\nexport b=2\n", "1 +X | 2 b=2 [i]" },
    { "zsh", "export X = 1\nexport b=2\n", "1 +X | 2 b=2 [i]" },
    { "sh", "f() { export a=1; }\n", "1 a=1 [c]" },
    { "sh", "export a=2\nf() { export a=1; }\n", "1 a=2 | 2 a=1 [ci]" },
    { "sh", "f() { export a=1; }\nexport a=2\nf\n", "1 a=1 [c] | 2 a=2 [c]" },
    { "sh", "f() { export a=1; }\nunset a\nf\n", "1 a=1 [c] | 2 -a [c]" },
    { "sh", "f() { f; }\nf\nexport a=1\n", "3 a=1 [c]" },
    { "sh", "if [ -r 'F' ]; then . 'F'; fi\n", "1 source=F [l]" },
    { "sh", "[ -r F ] && . F\n", "1 source=F [l]" },
    { "sh", "test -r ~/F && . ~/F\n", "1 source=~/F [l]" },
    { "sh", "eval \"$(/a b 'c d' 2>/dev/null || :)\"\n", "1 eval=/a b 'c d' [l]" },
    { "zsh", "eval \"$('/x y' 2> /dev/null)\" # c\n", "1 eval='/x y' [l]" },
    { "bash", "if true; then eval \"$(x --y)\"; fi\nf() { eval \"$(x)\"; }\n",
      "1 eval=x --y [l] | 2 eval=x [cl]" },
    { "sh", "eval \"$(a | b)\"; eval $(a); eval \"$(a $b)\"; eval \"$(a)\" b; eval \"$a\"\n", "" },
    { "sh", "a=1\neval \"$(x $a)\"\neval \"$(y)\"\nexport a\n", "1 a=1 | 3 eval=y [l] | 4 +a" },
    { "bash", "source \"$HOME/F\"\n", "1 source=$HOME/F [l]" },
    { "bash", "a=1; a+=2; export a\n", "1 a=1 | 1 a=12 | 1 +a" },
    { "zsh", "export X==ls\n", "1 X=? [cd]" },
    { "zsh", "b=1\nexport a=$#${b:=2}\nexport c=1\n", "1 b=1 [p] | 2 a=? [cd] | 3 c=1 [c]" },
    { "zsh", "export a=$#$(case x in x) echo 1;; esac) c=1\n", "1 a=? [d] | 1 c=1" },
    { "sh", "set -a\nunset a\nset +a\na=1\n", "2 -a | 4 a=1 [c]" },
    { "zsh", "export a=$b\\\nc=d\nexport e=1\n", "1 a=? [cd] | 3 e=1 [c]" },
    { "zsh", "f() { typeset +x a=2; }\nexport a=1\nf\n", "1 a=2 [c] | 2 a=1 [c]" },
    { "sh", "export a=1\r\n", "1 a=1\r" },
    { "bash", "readonly a=1\na=2\nexport a\n", "1 a=1 | 2 a=2 [i] | 3 +a" },
};

static void
shell__table_of_files__entries (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_entries (rows[i].format, rows[i].text, rows[i].summary);
}

/* Each is followed by an `export z=1` that must be found. */
static const Row grammar[] = {
    { "bash", "a=\\\n(1 2)", NULL },
    { "bash", "if true; then\\\n :; fi\\\n", NULL },
    { "bash", "[[ a ]] && {\\\n true; } || ((x++))", NULL },
    { "bash", "f() {\n coproc A { cat; }\n}\ncoproc cat <<E\n'\nE\ncoproc B (true)", NULL },
    { "bash", "case $[1 + 2] in 3) ;; esac", NULL },
    { "zsh", "() { print $1 } a \"b c\" =(<<<'d') >/dev/null", NULL },
    { "zsh", "function { print $1 } a {}", NULL },
    { "zsh", "case $x; in\n (a) ;; |b) ;; esac", NULL },
    { "zsh", "case ($x) in; a) ;; esac", NULL },
    { "zsh", "f() {print hi}; {print a; print b}", NULL },
    { "zsh", "if true; then {print b}; fi", NULL },
    { "zsh", "foreach x (a b); do print $x; done\nforeach x in a; { print }", NULL },
    { "zsh", "foreach x (a b)\n print $x\nend", NULL },
    { "zsh", "if [[ -n $x ]] print a && print b\nwhile (( 0 )) print", NULL },
    { "zsh", "repeat 2 print a | cat\nfor x (a b) print $x | cat", NULL },
    { "zsh", "x=${y//{a}/b} z1=${x:-{a}}\nf() { print ${x:+{a} b} }", NULL },
};

static void
shell__grammar_of_the_shells__accepted (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (grammar); i++) {
        g_autofree char *text = g_strconcat (grammar[i].text, "\nexport z=1\n", NULL);
        g_autoptr (PrcDocument) doc = check_parse (grammar[i].format, text);

        if (prc_document_lookup (doc, "z", NULL) != PRC_LOOKUP_VALUE)
            fail_msg ("z is not found in\n%s", text);
    }
}

static void
shell__syntax_errors__refused_with_line (void **state)
{
    (void) state;
    check_error ("sh", "a=1\nb='x\n", 2);
    check_error ("bash", "if x; then\n", 2);
    check_error ("bash", "fi\n", 1);
    check_error ("sh", "x\n)\n", 2);
    check_error ("sh", "if x; then fi\n", 1);
    check_error ("sh", "a=(1 2)\n", 1);
    check_error ("bash", "x ;; y\n", 1);
    check_error ("bash", "echo \"$(x\n", 0);
}

/* Edits */

typedef struct {
    const char *format, *before, *key, *value, *after;
} Edit;

static const Edit edits[] = {
    { "sh", "", "a", "x y", "export a='x y'\n" },
    { "sh", "# c\nexport a=1 # d\n", "a", "2", "# c\nexport a=2 # d\n" },
    { "sh", "export a=\"1\"\n", "a", "x\"$y`\\", "export a=\"x\\\"\\$y\\`\\\\\"\n" },
    { "sh", "export a='1'\n", "a", "it's", "export a='it'\\''s'\n" },
    { "sh", "export a=1 b=2\n", "a", NULL, "export b=2\n" },
    { "sh", "export a=1 b=2\n", "b", NULL, "export a=1\n" },
    { "sh", "x\n  export a=1 # c\ny\n", "a", NULL, "x\ny\n" },
    { "sh", "a=1\nexport a\ny\n", "a", NULL, "y\n" },
    { "sh", "x; export a=1; y\n", "a", NULL, "x; y\n" },
    { "sh", "x; export a=1\n", "a", NULL, "x\n" },
    { "sh", "export a=1 && y\n", "a", NULL, ": && y\n" },
    { "sh", "export b=1\nreturn\n", "a", "1", "export b=1\nexport a='1'\nreturn\n" },
    { "sh", "export http_proxy=1\nz\n", "HTTP_PROXY", "2",
      "export http_proxy=1\nexport HTTP_PROXY='2'\nz\n" },
    { "sh", "x", "a", "2", "x\nexport a='2'" },
    { "sh", "x \\\n", "a", "2", "x \\\n\nexport a='2'\n" },
    { "sh", "cat <<E\nfoo\n", "a", "2", "export a='2'\ncat <<E\nfoo\n" },
    { "sh", "a=1\n", "a", "2", "export a='2'\n" },
    { "bash", "a=1; a+=2; export a\n", "a", "3", "a=3; export a\n" },
    { "sh", "export a=\"$a,x\"\n", "a", "3", "export a=\"$a,x\"\nexport a='3'\n" },
    { "sh", "n=x; n=\"$n,y\"; export n\n", "n", "3", "n=\"3\"; export n\n" },
    { "sh", "f() { export a=1; }\n", "a", "3", "f() { export a=1; }\nexport a='3'\n" },
    { "sh", "export b=1\r\n", "a", "3", "export b=1\r\nexport a='3'\n" },
    { "bash", "readonly a=1\n", "a", "3", NULL },
    { "zsh", "set -a\nb=$c\\\ny; x=$d*\n[[ a ]] || exit\n", "a", "1",
      "set -a\nb=$c\\\ny; x=$d*\nexport a='1'\n[[ a ]] || exit\n" },
    { "zsh", "set -a\nb=$c\\\ny; exit\n", "a", "1", "export a='1'\nset -a\nb=$c\\\ny; exit\n" },
};

static void
shell__table_of_edits__bytes (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (edits); i++) {
        check_edit (edits[i].format, edits[i].before, edits[i].key, edits[i].value, edits[i].after);
        if (edits[i].after != NULL)
            check_edit (edits[i].format, edits[i].after, edits[i].key, edits[i].value,
                        edits[i].after);
    }
}

/* What people's files look like: must parse, take a new variable at the end, and lose it again */

static const struct {
    const char *format, *text;
} fixtures[] = {
    { "bash",
      "# ~/.bashrc\n\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\n\nHISTCONTROL=ignoreboth\n"
      "shopt -s histappend\n[ -x /usr/bin/lesspipe ] && eval \"$(SHELL=/bin/sh lesspipe)\"\n"
      "if [ -z \"${debian_chroot:-}\" ] && [ -r /etc/debian_chroot ]; then\n"
      "    debian_chroot=$(cat /etc/debian_chroot)\nfi\n"
      "case \"$TERM\" in\n    xterm-color|*-256color) color_prompt=yes;;\nesac\n"
      "PS1='${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '\n"
      "alias alert='notify-send --urgency=low -i \"$([ $? = 0 ] && echo terminal || echo "
      "error)\"'\n"
      "if [ -f ~/.bash_aliases ]; then\n    . ~/.bash_aliases\nfi\n"
      "if ! shopt -oq posix; then\n  if [ -f /usr/share/bash-completion/bash_completion ]; then\n"
      "    . /usr/share/bash-completion/bash_completion\n  fi\nfi\n" },
    { "sh",
      "# ~/.profile\nif [ -n \"$BASH_VERSION\" ]; then\n    if [ -f \"$HOME/.bashrc\" ]; then\n"
      "\t. \"$HOME/.bashrc\"\n    fi\nfi\nif [ -d \"$HOME/bin\" ] ; then\n    "
      "PATH=\"$HOME/bin:$PATH\"\nfi\n" },
    { "zsh", "export ZSH=\"$HOME/.oh-my-zsh\"\nZSH_THEME=\"robbyrussell\"\nplugins=(git docker\n  "
             "z # jump\n)\n"
             "zstyle ':omz:update' mode auto\nsource $ZSH/oh-my-zsh.sh\n"
             "autoload -Uz compinit && compinit\nbindkey '^[[A' up-line-or-search\n"
             "[[ ! -f ~/.p10k.zsh ]] || source ~/.p10k.zsh\n"
             "if [[ -r \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-${(%):-%n}.zsh\" ]]; then\n"
             "  source \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-${(%):-%n}.zsh\"\nfi\n"
             "for f in ~/.zsh/*.zsh(N); do source $f; done\nsetopt HIST_IGNORE_DUPS\n"
             "path+=(~/bin)\nf() { local x=${1:t}; print -- $x }\n" },
    { "bash", "export NVM_DIR=\"$([ -z \"${XDG_CONFIG_HOME-}\" ] && printf %s \"${HOME}/.nvm\" || "
              "printf %s "
              "\"${XDG_CONFIG_HOME}/nvm\")\"\n[ -s \"$NVM_DIR/nvm.sh\" ] && \\. "
              "\"$NVM_DIR/nvm.sh\"  # This loads nvm\n" },
    { "bash",
      "# >>> conda initialize >>>\n__conda_setup=\"$('/opt/conda/bin/conda' 'shell.bash' 'hook' 2> "
      "/dev/null)\"\n"
      "if [ $? -eq 0 ]; then\n    eval \"$__conda_setup\"\nelse\n"
      "    if [ -f \"/opt/conda/etc/profile.d/conda.sh\" ]; then\n        . "
      "\"/opt/conda/etc/profile.d/conda.sh\"\n"
      "    else\n        export PATH=\"/opt/conda/bin:$PATH\"\n    fi\nfi\nunset __conda_setup\n" },
    { "zsh", "export PYENV_ROOT=\"$HOME/.pyenv\"\n[[ -d $PYENV_ROOT/bin ]] && export "
             "PATH=\"$PYENV_ROOT/bin:$PATH\"\n"
             "eval \"$(pyenv init - zsh)\"\n" },
    { "bash",
      "proxy_on() {\n  export http_proxy=\"http://p:3128\"\n  export https_proxy=$http_proxy\n}\n"
      "proxy_off() { unset http_proxy https_proxy; }\n" },
};

static guint
index_of_last (const PrcDocument *doc, const char *key)
{
    const GPtrArray *entries = prc_document_entries (doc);
    guint i = entries->len;

    while (i > 0 && strcmp (((const PrcEntry *) g_ptr_array_index (entries, i - 1))->key, key) != 0)
        i--;
    assert_int_not_equal (i, 0);
    return i - 1;
}

static void
shell__real_files__command_evaluated_and_taken_away_again (void **state)
{
    static const char command[] = "'/opt/it'\\''s here/x' env --shell sh";

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (fixtures); i++) {
        g_autofree char *wanted =
            g_strconcat (fixtures[i].text, "eval \"$(", command, " 2>/dev/null || :)\"\n", NULL);
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc = check_parse (fixtures[i].format, fixtures[i].text);
        g_autoptr (PrcDocument) added = prc_document_add (doc, "eval", command, &error);
        g_autoptr (PrcDocument) again = NULL, without = NULL;
        gsize size = 0;
        const char *data = NULL;

        assert_no_error (error);
        data = prc_document_data (added, &size);
        assert_int_equal (size, strlen (wanted));
        assert_memory_equal (data, wanted, size);
        again = prc_document_add (added, "eval", command, &error);
        assert_no_error (error);
        assert_true (g_bytes_equal (prc_document_bytes (again), prc_document_bytes (added)));
        without = prc_document_remove_entry (added, index_of_last (added, "eval"), &error);
        assert_no_error (error);
        assert_true (g_bytes_equal (prc_document_bytes (without), prc_document_bytes (doc)));
    }
}

static void
shell__real_files__set_at_the_end_and_unset_again (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (fixtures); i++) {
        g_autofree char *after =
            g_strconcat (fixtures[i].text, "export ALL_PROXY='http://u:p%40@h:1/ x'\n", NULL);
        g_autofree char *read =
            g_strconcat (fixtures[i].text, "if [ -r ~/'a b' ]; then . ~/'a b'; fi\n", NULL);
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc = check_parse (fixtures[i].format, fixtures[i].text);
        g_autoptr (PrcDocument) added = prc_document_add (doc, "source", "~/a b", &error);
        g_autoptr (PrcDocument) again = NULL;
        gsize size = 0;
        const char *data = NULL;

        check_edit (fixtures[i].format, fixtures[i].text, "ALL_PROXY", "http://u:p%40@h:1/ x",
                    after);
        check_edit (fixtures[i].format, after, "ALL_PROXY", "http://u:p%40@h:1/ x", after);
        check_edit (fixtures[i].format, after, "ALL_PROXY", NULL, fixtures[i].text);
        assert_no_error (error);
        data = prc_document_data (added, &size);
        assert_int_equal (size, strlen (read));
        assert_memory_equal (data, read, size);
        again = prc_document_add (added, "source", "~/a b", &error);
        assert_no_error (error);
        assert_true (g_bytes_equal (prc_document_bytes (again), prc_document_bytes (added)));
    }
}

/* Hostile input */

static GBytes *
repeated (const char *before, const char *piece, guint n)
{
    GString *text = g_string_new (before);

    while (n-- > 0)
        g_string_append (text, piece);
    return g_string_free_to_bytes (text);
}

static void
shell__huge_or_deep__linear_or_refused (void **state)
{
    static const struct {
        const char *before, *piece;
        guint n;
    } inputs[] = {
        { "", "$(", 100000 },
        { "", "a=$((", 100000 },
        { "", "if x; then ", 50000 },
        { "a=", "${x:-", 50000 },
        { "a=x\n", "a=$a$a\n", 1000 },
        { "a=", "x", 1000000 },
        { "f() { a=1; }\n", "f\n", 50000 },
        { "export ", "a=${b:=x} ", 20000 },
        { "", "export a='b c' # d\n", 40000 },
        { "", "( ", 100000 },
        { "", "\"$(\"", 30000 },
        { "", "cat <<E\n", 30000 },
        { "", "case x in ", 30000 },
        { "", "`\\", 50000 },
    };
    static const char *const formats[] = { "sh", "bash", "zsh" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
        g_autoptr (GBytes) bytes = repeated (inputs[i].before, inputs[i].piece, inputs[i].n);

        for (gsize f = 0; f < G_N_ELEMENTS (formats); f++) {
            clock_t start = clock ();
            g_autoptr (GError) error = NULL;
            g_autoptr (PrcDocument) doc =
                prc_document_parse (prc_format_by_name (formats[f]), bytes, 0, &error);

            assert_true (doc != NULL || error != NULL);
            /* Generous, for the sanitizers: what is quadratic takes minutes. */
            if (clock () - start > 5 * CLOCKS_PER_SEC)
                fail_msg ("%s: %.10s… takes %ld clocks", formats[f], inputs[i].piece,
                          (long) (clock () - start));
        }
    }
}

/* Any cut of any fixture: no crash, whatever it says. */
static void
shell__cut_files__no_crash (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (fixtures); i++)
        for (gsize n = 0; n < strlen (fixtures[i].text); n++) {
            /* On the heap with its very size, so that a byte read too far is found. */
            g_autoptr (GBytes) bytes = g_bytes_new_take (g_memdup2 (fixtures[i].text, n), n);
            g_autoptr (GError) error = NULL;
            g_autoptr (PrcDocument) doc =
                prc_document_parse (prc_format_by_name (fixtures[i].format), bytes, 0, &error);

            assert_true (doc != NULL || error != NULL);
        }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (shell__table_of_files__entries),
        cmocka_unit_test (shell__grammar_of_the_shells__accepted),
        cmocka_unit_test (shell__syntax_errors__refused_with_line),
        cmocka_unit_test (shell__table_of_edits__bytes),
        cmocka_unit_test (shell__real_files__set_at_the_end_and_unset_again),
        cmocka_unit_test (shell__real_files__command_evaluated_and_taken_away_again),
        cmocka_unit_test (shell__huge_or_deep__linear_or_refused),
        cmocka_unit_test (shell__cut_files__no_crash),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

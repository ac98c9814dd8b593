#include "test.h"

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
    { "sh", "a=1\n: ${a:=2} ${b:=3}\nexport a b\n", "1 a=1 | 2 b=3 [c] | 3 +a | 3 +b" },
    { "sh", "set -a\na=1\nset +a\nb=2\n", "2 a=1 | 4 b=2 [p]" },
    { "sh", "export a=1\nreturn\nexport b=2\n", "1 a=1 | 3 b=2 [i]" },
    { "sh", "[ -z \"$PS1\" ] && return\nexport b=2\n", "2 b=2" },
    { "bash", "[[ $- == *i* ]] || return\nexport b=2\n", "2 b=2" },
    { "bash", "case $- in\n *i*) ;;\n *) return;;\nesac\nexport b=2\n", "5 b=2" },
    { "sh", "[ -z \"$X\" ] && return\nexport b=2\n", "2 b=2 [c]" },
    { "sh", "cat <<E\nexport a=1\nE\nexport b=2\n", "4 b=2" },
    { "bash", "export X = 1\nexport b=2\n", "1 +X | 2 b=2" },
    { "sh", "export X = 1\nexport b=2\n", "1 +X | 2 b=2 [i]" },
    { "zsh", "export X = 1\nexport b=2\n", "1 +X | 2 b=2 [i]" },
    { "sh", "f() { export a=1; }\n", "1 a=1 [c]" },
    { "sh", "export a=2\nf() { export a=1; }\n", "1 a=2 | 2 a=1 [ci]" },
    { "sh", "f() { export a=1; }\nexport a=2\nf\n", "1 a=1 [c] | 2 a=2 [c]" },
    { "sh", "if [ -r 'F' ]; then . 'F'; fi\n", "1 source=F [l]" },
    { "sh", "[ -r F ] && . F\n", "1 source=F [l]" },
    { "sh", "test -r ~/F && . ~/F\n", "1 source=~/F [l]" },
    { "bash", "source \"$HOME/F\"\n", "1 source=$HOME/F [l]" },
    { "bash", "a=1; a+=2; export a\n", "1 a=1 | 1 a=12 | 1 +a" },
    { "zsh", "export X==ls\n", "1 X=? [d]" },
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

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (shell__table_of_files__entries),
        cmocka_unit_test (shell__syntax_errors__refused_with_line),
        cmocka_unit_test (shell__table_of_edits__bytes),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

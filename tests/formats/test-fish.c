#include "test.h"

#include <stdio.h>

#include "shell-oracle.h"

#define FORMAT "fish"

static void
fish__files__entries_as_fish_reads (void **state)
{
    static const struct {
        const char *text, *summary;
    } rows[] = {
        { "set -gx A 'x y'\nset -xg B \"q\\\"\"\nset --global --export C a\\ b\n",
          "1 A=x y | 2 B=q\" | 3 C=a b" },
        { "set -g A x\nset A y\nset -x A z\n", "1 A=x [p] | 2 A=y [p] | 3 A=z" },
        { "set -gx A x\nset A y\nset -gu A z\n", "1 A=x | 2 A=y | 3 -A" },
        { "set -gx A a b c\nset -gx A\n", "1 A=a b c | 2 A=" },
        { "echo a \\\n  # c\n  b; set -gx A 1\necho x \\\n # c\n", "3 A=1" },
        { "x 2>| y; set -gx A 1\nx >|\n  set -gx B 1\n", "1 A=1 | 3 B=1 [c]" },
        { "echo {a, b} {} {c,\nd}; set -gx A {\n}\n", "2 A=? [d]" },
        { "set -e A\nset -q B\nset -e C D\n", "1 -A | 3 -C | 3 -D" },
        { "export A=1 'B'=2 C=\"x y\"\nexport D\n", "1 A=1 | 1 C=x y | 2 +D" },
        { "set -g A 1\nexport A\n", "1 A=1 | 2 +A" },
        { "set -gx A 1; set -gx B 2 # c\n", "1 A=1 | 1 B=2" },
        { "set -gx A $B\nset -gx C x\nset -gx D a$C\"$C\"'$C'\n", "1 A=? [d] | 2 C=x | 3 D=axx$C" },
        { "set -gx A (cmd 'x)')\nset -gx B ~/x\nset -gx C *\nset -gx D \"$(x)\"\n",
          "1 A=? [d] | 2 B=? [d] | 3 C=? [d] | 4 D=? [d]" },
        { "if test -n \"$X\"\n  set -gx A 1\nelse\n  set -gx A 2\nend\nset -gx B 1\n",
          "2 A=1 [c] | 4 A=2 [c] | 6 B=1" },
        { "begin\n  set -gx A 1\nend\nfunction f; set -gx B 1; end\n", "2 A=1 | 4 B=1 [c]" },
        { "switch $x\ncase a b\n set -gx A 1\nend\nfor i in 1 2\nset -gx B $i\nend\n",
          "3 A=1 [c] | 6 B=? [cd]" },
        { "true; and set -gx A 1\ntrue && set -gx B 1\nnot set -gx C 1\n",
          "1 A=1 [c] | 2 B=1 [c] | 3 C=1 [c]" },
        { "set -gx A 1\nstatus is-interactive; or exit\nset -gx B 1\n", "1 A=1 | 3 B=1 [c]" },
        { "set -gx A 1\nreturn\nset -gx B 1\n", "1 A=1 | 3 B=1 [i]" },
        { "if test -r /a; source /a; end\ntest -r '/b c' ; and source \"/b c\"\n[ -f /c ]; and . "
          "/c\n"
          "test -r /d && source /d\nsource /e\n",
          "1 source=/a [l] | 2 source=/b c [l] | 3 source=/c [l] | 4 source=/d [l] | 5 source=/e "
          "[l]" },
        { "if test -r /a; source /b; end\nif test -r /a; source /a; set -gx A 1; end\n",
          "1 source=/b [cl] | 2 source=/a [cl] | 2 A=1 [c]" },
        { "if test -x /a; /a b 'c d' 2>/dev/null | source; end\nif test -x '/x y'; '/x y' "
          "2>/dev/null | source; end # c\n",
          "1 eval=/a b 'c d' [l] | 2 eval='/x y' [l]" },
        { "if test -x /a; /b 2>/dev/null | source; end\nif test -x /a; /a | source; end\n"
          "if test -x /a; /a $b 2>/dev/null | source; end\n/a 2>/dev/null | source\n",
          "" },
        { "set -gx A a#b # c\r\nset -gx B x\\\ny\n", "1 A=a#b | 2 B=xy" },
        { "set -gx A http://[::1]:3128\n", "1 A=http://[::1]:3128" },
        { "set -l A 1\nset -x A 2\nset -a B x\nset C[1] y\n",
          "1 A=1 [p] | 2 A=2 [p] | 3 B=? [dp] | 4 C=? [dp]" },
        { "set -l A x\nset -gx A y\nset -gx B $A\n", "1 A=x [p] | 2 A=y | 3 B=? [d]" },
        { "begin; set -l A x; end\nset -gx A y\nset A z\n", "1 A=x [p] | 2 A=y | 3 A=? [d]" },
        { "A=b cmd\n", "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_entries (FORMAT, rows[i].text, rows[i].summary);
}

static void
fish__broken_files__refused_with_their_line (void **state)
{
    static const struct {
        const char *text;
        guint line;
    } rows[] = {
        { "a=b\n", 0 },      { "echo 1\nset A 'x\n", 2 },
        { "set A (x\n", 1 }, { "set A x)\n", 1 },
        { "\nend\n", 2 },    { "if true\nset A 1\n", 1 },
        { "set A a$\n", 1 }, { "set A \"$\"\n", 1 },
        { "else\n", 1 },     { "case x\n", 1 },
        { "| cat\n", 1 },    { "true &&", 0 },
        { "for\nend\n", 0 }, { "if\nend\n", 0 },
        { "and\n", 0 },      { "set A ${B}\n", 1 },
        { "set A x}\n", 1 }, { "\nset A {x\n\n", 2 },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_error (FORMAT, rows[i].text, rows[i].line);
}

static void
fish__edit__only_what_was_meant (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        { "", "A", "it's \\ $x", "set -gx A 'it\\'s \\\\ $x'\n" },
        { "set -gx A x # c\n", "A", "y", "set -gx A y # c\n" },
        { "set -gx A x\n", "A", "y z", "set -gx A 'y z'\n" },
        { "set -gx A \"x\"\n", "A", "a\"$b", "set -gx A \"a\\\"\\$b\"\n" },
        { "set -gx A a b c\n", "A", "x", "set -gx A x\n" },
        { "set -gx A\n", "A", "x", "set -gx A x\n" },
        { "export A=1 B=2\n", "B", "x y", "export A=1 B='x y'\n" },
        { "set -gx http_proxy x\necho hi\n", "HTTPS_PROXY", "y",
          "set -gx http_proxy x\nset -gx HTTPS_PROXY 'y'\necho hi\n" },
        { "status is-interactive; or exit\necho\n", "A", "x",
          "set -gx A 'x'\nstatus is-interactive; or exit\necho\n" },
        { "if true\n  set -gx A 1\nend\n", "A", "2",
          "if true\n  set -gx A 1\nend\nset -gx A '2'\n" },
        { "set -gx A 1\nset -gx A 2\n", "A", "3", "set -gx A 3\n" },
        { "set -gx A $x\n", "A", "3", "set -gx A $x\nset -gx A '3'\n" },
        { "echo", "source", "/a b", "echo\nif test -r '/a b'; source '/a b'; end" },
        { "echo", "eval", "/a env --x",
          "echo\nif test -x /a; /a env --x 2>/dev/null | source; end" },
        { "set -gx A 1\n", "eval", "'/a b' 'it'\\''s'",
          "set -gx A 1\nif test -x '/a b'; '/a b' 'it\\'s' 2>/dev/null | source; end\n" },
        { "if test -x /a; /a 2>/dev/null | source; end\nx\n", "eval", NULL, "x\n" },
        { "", "eval", "a | b", NULL },
        { "set -gx A 1; set -gx B 2\n", "A", NULL, "set -gx B 2\n" },
        { "set -gx A 1; set -gx B 2\n", "B", NULL, "set -gx A 1\n" },
        { "export A=1 B=2\n", "A", NULL, "export B=2\n" },
        { "export A=1 # c\nx\n", "A", NULL, "x\n" },
        { "if test -r /a; source /a; end\nx\n", "source", NULL, "x\n" },
        { "begin; set -gx A 1; end\n", "A", NULL, "begin; end\n" },
        { "", "a-b", "x", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
}

static const char *const argv[] = { "fish", "--no-config", "-c", "source script; env -0", NULL };
static const char *const lines[] = {
    "set -gx @ %",
    "set -x @ % # c",
    "set -gx @ %; set -gx @ %",
    "set @ %",
    "set -g @ %",
    "set -gx @ % %",
    "set -e @",
    "set -gu @ %",
    "export @=%",
    "set -g x_1 %\nexport x_1",
    "set -l @ %",
    "if true\nset -gx @ %\nend",
    "if false; set -gx @ %; else; set -gx @ %; end",
    "begin\nset -gx @ %\nend",
    "begin\nset -l @ %\nset @ %\nend",
    "true; and set -gx @ %",
    "false && set -gx @ %",
    "set -q @",
    "for i in 1 2; set -gx @ $i; end",
    "function f\nset -gx @ %\nend",
    "# set -gx @ %",
    "switch a; case b; set -gx @ %; end",
    "set -gx @",
    "set --global --export @ %",
    "test -r /nonexistent; or set -gx @ %",
    "set -gx \\\n@ %",
    "@=% true",
    "set -a @ %",
    "set -gx @ %\r",
    "if test -r /none; source /none; end",
    "not set -gx @ %",
    "status is-interactive; and return",
    "set -gx @ % >/dev/null",
};
static const char *const words[] = {
    "x",
    "'a b'",
    "\"q\\\"$A\"",
    "$B",
    "a\\ b",
    "'it\\'s'",
    "\"$x_1\"$A",
    "'a\\b'",
    "\"a\\b\"",
    "a#b",
    "http://u:p%40@h:1",
    "(echo 1)",
    "~",
    "'$A'",
    "\"\\$A\"",
    "a\\\nb",
    "\"a\\\nb\"",
    "\\$A",
    "\\n",
    "=x",
    "[::1]",
    "''",
    "\"\"",
    "é",
};
static const char *const values[] = { "x",    "it's", "a\\b", "\\", "$A",
                                      "a b",  "\"",   "#",    "",   "é",
                                      "a\nb", "(x)",  "*",    "~",  "http://u:p%40@h:1",
                                      " ",    "'" };
static const Oracle oracle = { FORMAT,
                               "fish",
                               argv,
                               lines,
                               G_N_ELEMENTS (lines),
                               words,
                               G_N_ELEMENTS (words),
                               values,
                               G_N_ELEMENTS (values) };

static void
fish__generated__agrees_with_the_shell (void **state)
{
    g_autofree char *program = prc_test_tool ("fish");
    guint n = prc_test_cases (150), parsed = 0;

    (void) state;
    if (program == NULL)
        return;
    for (guint i = 0; i < n; i++)
        parsed += oracle_read_case (&oracle);
    assert_true (parsed * 2 > n);
}

static void
fish__generated_edits__the_shell_has_what_was_meant (void **state)
{
    g_autofree char *program = prc_test_tool ("fish");
    guint n = prc_test_cases (150), done = 0;

    (void) state;
    if (program == NULL)
        return;
    for (guint i = 0; i < n; i++)
        done += oracle_edit_case (&oracle);
    assert_true (done * 2 > n);
}

static void
fish__generated_files__a_command_is_evaluated (void **state)
{
    g_autofree char *program = prc_test_tool ("fish");
    guint n = prc_test_cases (100), done = 0;

    (void) state;
    if (program == NULL)
        return;
    for (guint i = 0; i < n; i++)
        done += oracle_eval_case (&oracle, "#!/bin/sh\necho noise >&2\n[ \"$2\" = \"this one\" ] "
                                           "&& echo set -gx EVALUATED yes\nexit 1\n");
    assert_true (done * 2 > n);
}

static void
fish__random_bytes__no_crash (void **state)
{
    (void) state;
    oracle_random_bytes (&oracle, prc_test_cases (20000));
}

static void
fish__huge_lines__linear (void **state)
{
    static const char *const pieces[] = { "set -gx A x; ", "\"$A\"",           "(",
                                          "begin; ",       "export A=1 ",      "and ",
                                          "if x\n",        "set -gx A $A$A\n", "#",
                                          "\\\n" };
    gint64 start = prc_test_work ();

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (PrcDocument) doc = NULL;

        while (text->len < 200000)
            g_string_append (text, pieces[i]);
        bytes = g_bytes_new (text->str, text->len);
        doc = prc_document_parse (prc_format_by_name (FORMAT), bytes, 0, NULL);
    }
    assert_true (prc_test_work () - start < 8 * G_USEC_PER_SEC);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (fish__files__entries_as_fish_reads),
        cmocka_unit_test (fish__broken_files__refused_with_their_line),
        cmocka_unit_test (fish__edit__only_what_was_meant),
        cmocka_unit_test (fish__generated__agrees_with_the_shell),
        cmocka_unit_test (fish__generated_files__a_command_is_evaluated),
        cmocka_unit_test (fish__generated_edits__the_shell_has_what_was_meant),
        cmocka_unit_test (fish__random_bytes__no_crash),
        cmocka_unit_test (fish__huge_lines__linear),
    };

    return cmocka_run_group_tests (tests, oracle_set_up, oracle_tear_down);
}

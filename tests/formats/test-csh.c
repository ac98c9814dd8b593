#include "test.h"

#include <stdio.h>

#include "shell-oracle.h"

#define FORMAT "csh"

static void
csh__files__entries_as_tcsh_reads (void **state)
{
    static const struct {
        const char *text, *summary;
    } rows[] = {
        { "setenv A x\nsetenv B \"y z\"\nsetenv C 'a\\!b'\nsetenv D a\\ b\n",
          "1 A=x | 2 B=y z | 3 C=a!b | 4 D=a b" },
        { "setenv A a#b # c\n  # d\nsetenv B # $#argv\n", "1 A=a | 3 B=" },
        { "set a = 1\nset b=2 c\nsetenv A $a\"$b\"'$c'\n",
          "1 a=1 [p] | 2 b=2 [p] | 2 c= [p] | 3 A=12$c" },
        { "unsetenv A B\n", "1 -A | 1 -B" },
        { "setenv A $X\nsetenv B `x`\nsetenv C ~/x\nsetenv D a*\nsetenv E \"a`b`\"\n",
          "1 A=? [d] | 2 B=? [d] | 3 C=? [d] | 4 D=? [d] | 5 E=? [d]" },
        { "if ($?x) then\n  setenv A 1\nelse if ($y) then\n setenv A 2\nelse\nsetenv A 3\nendif\n"
          "setenv B 1\n",
          "2 A=1 [c] | 4 A=2 [c] | 6 A=3 [c] | 8 B=1" },
        { "if ($?x) setenv A 1; setenv B 2\n", "1 A=1 [c] | 1 B=2" },
        { "foreach i (a b)\nsetenv A $i\nend\nswitch (x)\ncase y:\nsetenv B 1\nbreaksw\nendsw\n",
          "2 A=? [cd] | 6 B=1 [c]" },
        { "true && setenv A 1; setenv B 1\nsetenv C 1 | cat\n", "1 A=1 [c] | 1 B=1 | 2 C=1 [c]" },
        { "setenv A 1\nif (! $?prompt) exit\nsetenv B 1\nexit\nsetenv C 1\n",
          "1 A=1 | 3 B=1 [c] | 5 C=1 [i]" },
        { "if ( -r /a ) source /a\nif (-e '/b c') source '/b c'\nif (-r /a) source /b\nsource /d\n",
          "1 source=/a [l] | 2 source=/b c [l] | 3 source=/b [cl] | 4 source=/d [l]" },
        { "if ( -x /a ) eval \"`/bin/sh -c '/a b c 2>/dev/null || :'`\"\n"
          "if (-x '/x y') eval \"`/bin/sh -c ''\\''/x y'\\'' z 2>/dev/null || :'`\" # c\n",
          "1 eval=/a b c [l] | 2 eval='/x y' z [l]" },
        { "if ( -x /a ) eval \"`/bin/sh -c '/b 2>/dev/null || :'`\"\nif ( -x /a ) eval `/a`\n"
          "if ( -x /a ) eval \"`/bin/sh -c '/a'`\"\neval \"`/bin/sh -c '/a 2>/dev/null || :'`\"\n",
          "" },
        { "cat << E\nsetenv A 1\nE\nsetenv B 1\n", "4 B=1" },
        { "setenv A \"x\\\ny\"\nsetenv \\\n B 1\n", "1 A=x\ny | 3 B=1" },
        { "( setenv A 1 )\n", "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_entries (FORMAT, rows[i].text, rows[i].summary);
}

static void
csh__broken_files__refused_with_their_line (void **state)
{
    static const struct {
        const char *text;
        guint line;
    } rows[] = {
        { "\nsetenv A a!b\n", 2 },   { "setenv A 'a!b'\n", 1 },
        { "setenv A 'x\n", 1 },      { "setenv A x y\n", 1 },
        { "setenv 1A x\n", 1 },      { "end\n", 1 },
        { "if (x) then\nfoo\n", 1 }, { "else\n", 1 },
        { "( a # )\n", 1 },          { "a )\n", 1 },
        { "foreach i (a)\n", 1 },    { "setenv A \"x\ny\"\n", 1 },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_error (FORMAT, rows[i].text, rows[i].line);
}

static void
csh__edit__only_what_was_meant (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        { "", "A", "it's $x!\\", "setenv A 'it'\\''s $x\\!\\'\n" },
        { "setenv A x # c\n", "A", "y", "setenv A y # c\n" },
        { "setenv A x\n", "A", "y z", "setenv A 'y z'\n" },
        { "setenv A \"x\"\n", "A", "y!z", "setenv A \"y\\!z\"\n" },
        { "setenv A \"x\"\n", "A", "y$z", "setenv A 'y$z'\n" },
        { "setenv A\n", "A", "x", "setenv A x\n" },
        { "setenv http_proxy x\necho hi\n", "HTTPS_PROXY", "y",
          "setenv http_proxy x\nsetenv HTTPS_PROXY 'y'\necho hi\n" },
        { "if (! $?prompt) exit\necho\n", "A", "x", "setenv A 'x'\nif (! $?prompt) exit\necho\n" },
        { "if (1) then\n  setenv A 1\nendif", "A", "2",
          "if (1) then\n  setenv A 1\nendif\nsetenv A '2'" },
        { "setenv A 1\nsetenv A 2\n", "A", "3", "setenv A 3\n" },
        { "set A = 1\n", "A", "3", "setenv A '3'\n" },
        { "set B = 1\n", "A", "3", "set B = 1\nsetenv A '3'\n" },
        { "", "source", "/a b", "if ( -r '/a b' ) source '/a b'\n" },
        { "echo", "eval", "/a env --x",
          "echo\nif ( -x /a ) eval \"`/bin/sh -c '/a env --x 2>/dev/null || :'`\"" },
        { "setenv A 1\n", "eval", "'/a b' c",
          "setenv A 1\nif ( -x '/a b' ) eval \"`/bin/sh -c ''\\''/a b'\\'' c 2>/dev/null || "
          ":'`\"\n" },
        { "if ( -x /a ) eval \"`/bin/sh -c '/a 2>/dev/null || :'`\"\nx\n", "eval", NULL, "x\n" },
        { "", "eval", "'/a!b'", NULL },
        { "", "eval", "a | b", NULL },
        { "setenv A 1; setenv B 2\n", "A", NULL, "setenv B 2\n" },
        { "setenv A 1; setenv B 2\n", "B", NULL, "setenv A 1\n" },
        { "unsetenv A B\n", "A", NULL, "unsetenv B\n" },
        { "setenv A 1 # c\nx", "A", NULL, "x" },
        { "", "1A", "x", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
}

static const char *const argv[] = { "tcsh", "-f", "-c", "source script; env -0", NULL };
static const char *const lines[] = {
    "setenv @ %",
    "setenv @ % # c",
    "setenv @ %; setenv @ %",
    "set @ = %",
    "set @=%",
    "unsetenv @",
    "setenv @",
    "if (1) then\nsetenv @ %\nelse\nsetenv @ %\nendif",
    "if (0) setenv @ %",
    "if (1) setenv @ %; setenv @ %",
    "foreach i (1 2)\nsetenv @ $i\nend",
    "true && setenv @ %",
    "false && setenv @ %",
    "# setenv @ %",
    "switch (a)\ncase b:\nsetenv @ %\nendsw",
    "( setenv @ % )",
    "setenv \\\n@ %",
    "unsetenv @ @",
    "cat << E >/dev/null\nsetenv @ x\nE",
    "if ( -r /none ) source /none",
    "set @ = ( a b )",
    "setenv @ % >/dev/null",
    "setenv @ %;",
    "if ($?prompt) exit",
    "setenv @ % | cat",
    "unset @",
    "true",
    "setenv @ a'b'\"c\"",
};
static const char *const words[] = {
    "x",         "'a b'",      "\"q\"",
    "a\\ b",     "'it'\\''s'", "'a\\b'",
    "\"a\\b\"",  "a#b",        "http://u:p%40@h:1",
    "`echo 1`",  "'$A'",       "'a\\!b'",
    "\"a\\!b\"", "a\\!b",      "\"a\\\nb\"",
    "a=b",       "'[::1]'",    "''",
    "\"\"",      "é",          "\"x! y\"",
    "x!=y",      "\\$A",       "'a`b'",
};
static const char *const values[] = { "x",      "it's", "a\\b", "\\",  "$A",
                                      "a b",    "\"",   "#",    "",    "é",
                                      "a\nb",   "(x)",  "*",    "~",   "http://u:p%40@h:1",
                                      " ",      "'",    "!",    "a!b", "\\!",
                                      "a\\\nb", "`x`" };
static const Oracle oracle = { FORMAT,
                               "tcsh",
                               argv,
                               lines,
                               G_N_ELEMENTS (lines),
                               words,
                               G_N_ELEMENTS (words),
                               values,
                               G_N_ELEMENTS (values) };

static void
csh__generated__agrees_with_the_shell (void **state)
{
    g_autofree char *program = prc_test_tool ("tcsh");
    guint n = prc_test_cases (300), parsed = 0;

    (void) state;
    if (program == NULL)
        return;
    for (guint i = 0; i < n; i++)
        parsed += oracle_read_case (&oracle);
    assert_true (parsed * 2 > n);
}

static void
csh__generated_edits__the_shell_has_what_was_meant (void **state)
{
    g_autofree char *program = prc_test_tool ("tcsh");
    guint n = prc_test_cases (300), done = 0;

    (void) state;
    if (program == NULL)
        return;
    for (guint i = 0; i < n; i++)
        done += oracle_edit_case (&oracle);
    assert_true (done * 2 > n);
}

static void
csh__generated_files__a_command_is_evaluated (void **state)
{
    g_autofree char *program = prc_test_tool ("tcsh");
    guint n = prc_test_cases (100), done = 0;

    (void) state;
    if (program == NULL)
        return;
    for (guint i = 0; i < n; i++)
        done += oracle_eval_case (&oracle, "#!/bin/sh\necho noise >&2\n[ \"$2\" = \"this one\" ] "
                                           "&& echo \"setenv EVALUATED yes;\"\nexit 1\n");
    assert_true (done * 2 > n);
}

static void
csh__random_bytes__no_crash (void **state)
{
    (void) state;
    oracle_random_bytes (&oracle, prc_test_cases (20000));
}

static void
csh__huge_lines__linear (void **state)
{
    static const char *const pieces[] = { "setenv A x; ",
                                          "`",
                                          "( ",
                                          "if (x) ",
                                          "set A=1 ",
                                          "a && ",
                                          "if (x) then\n",
                                          "setenv A $A$A\n",
                                          "unsetenv A\n",
                                          "#",
                                          "\\\n",
                                          "a << b " };
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
        cmocka_unit_test (csh__files__entries_as_tcsh_reads),
        cmocka_unit_test (csh__broken_files__refused_with_their_line),
        cmocka_unit_test (csh__edit__only_what_was_meant),
        cmocka_unit_test (csh__generated__agrees_with_the_shell),
        cmocka_unit_test (csh__generated_files__a_command_is_evaluated),
        cmocka_unit_test (csh__generated_edits__the_shell_has_what_was_meant),
        cmocka_unit_test (csh__random_bytes__no_crash),
        cmocka_unit_test (csh__huge_lines__linear),
    };

    return cmocka_run_group_tests (tests, oracle_set_up, oracle_tear_down);
}

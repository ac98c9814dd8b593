/* manual.c - the manual page: what does not change, around the table of actions */
#include <string.h>

#include "base/i18n.h"
#include "tui/action.h"

static const char before[] =
    ".SH NAME\n"
    "proxyrc-tui \\- the terminal UI of proxyrc\n"
    ".SH SYNOPSIS\n"
    ".B proxyrc\n"
    "[\\fB\\-\\-home\\fR \\fIDIR\\fR] [\\fB\\-\\-root\\fR \\fIDIR\\fR] [\\fB\\-\\-config\\fR "
    "\\fIFILE\\fR]\n"
    "[\\fB\\-\\-tools\\fR \\fIA,B\\fR] [\\fB\\-\\-system\\fR] [\\fB\\-\\-color\\fR \\fIWHEN\\fR]\n"
    ".SH DESCRIPTION\n"
    "Without a command, and with a terminal on standard input and output,\n"
    ".B proxyrc\n"
    "shows every proxy setting of this machine, and what to do about those that do not agree with "
    "the active profile.\n"
    "Nothing is written before it has been shown and confirmed; everything that was written can be "
    "taken back.\n"
    ".SH KEYS\n"
    "C\\- is Ctrl, S\\- is Shift. Each can also be done by its name, after \\fB:\\fR.\n";

static const char after[] =
    ".SH ENVIRONMENT\n"
    ".TP\n.B NO_COLOR\nIf it is set and not empty, no colours are used.\n"
    ".TP\n.B PROXYRC_SCHEME\nThe colours: \\fB16\\fR, \\fB256\\fR, \\fBsafe\\fR (blue and orange, "
    "for those who confuse "
    "red and green), or \\fBmono\\fR.\n"
    ".TP\n.BR VISUAL \", \" EDITOR\nThe editor that opens a file at its line; else \\fBvi\\fR.\n"
    ".SH SEE ALSO\n"
    ".BR proxyrc (1),\n\\fBproxyrc explain\\fR\n";

/* A key as roff shows it: a hyphen is a minus, and nothing at the start of a line is a request. */
static char *
escape_key (const char *key)
{
    GString *out = g_string_new (NULL);

    for (; *key != '\0'; key++) {
        if (strchr ("-\\.'", *key) != NULL)
            g_string_append (out, *key == '-' ? "\\-" : *key == '\\' ? "\\e" : "\\&");
        if (*key != '-' && *key != '\\')
            g_string_append_c (out, *key);
    }
    return g_string_free (out, FALSE);
}

static void
append_action (GString *out, const PrcActionRow *row)
{
    g_auto (GStrv) keys = g_strsplit (row->keys, " ", -1);
    g_autofree char *joined = NULL;

    for (char **key = keys; *key != NULL; key++) {
        char *escaped = escape_key (*key);

        g_free (*key);
        *key = escaped;
    }
    joined = g_strjoinv (", ", keys);
    g_string_append_printf (out, ".TP\n\\fB%s\\fR%s(%s)\n%s%s\n", joined,
                            *joined != '\0' ? " " : "", row->name, _ (row->help),
                            g_str_has_suffix (row->help, "?") ? "" : ".");
}

char *
prc_actions_manual (const char *version)
{
    GString *out = g_string_new (NULL);
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    g_string_append_printf (out, ".TH PROXYRC-TUI 1 \"\" \"proxyrc %s\"\n%s", version, before);
    for (gsize i = 0; i < n; i++)
        append_action (out, &rows[i]);
    g_string_append (out, after);
    return g_string_free (out, FALSE);
}

#include "app/environment.h"

#include <string.h>

#include "app/planning.h"
#include "app/profiles.h"
#include "base/error.h"

typedef struct {
    const char *shell;
    const char *format;
    const char *unset; /* how a variable is taken away: before its name */
    const char *end;   /* of a statement: csh's backquotes turn newlines into blanks */
} Shell;

static const Shell shells[] = {
    { "sh", "sh", "unset ", "\n" },       { "bash", "bash", "unset ", "\n" },
    { "zsh", "zsh", "unset ", "\n" },     { "fish", "fish", "set -e ", "\n" },
    { "csh", "csh", "unsetenv ", ";\n" }, { "tcsh", "csh", "unsetenv ", ";\n" },
};

static PrcDocument *
set_variable (PrcDocument *doc, const PrcWanted *wanted, const PrcToolKey *row,
              const PrcUrlDialect *dialect, const Shell *shell, GString *unset, GError **error)
{
    g_autoptr (PrcWipedString) value = NULL;
    PrcWantedKind kind;

    if (!prc_wanted_value (wanted, row, dialect, FALSE, &kind, &value, error))
        return NULL;
    if (kind == PRC_WANTED_VALUE)
        return prc_document_set (doc, row->key, value, error);
    if (kind == PRC_WANTED_NOTHING)
        g_string_append_printf (unset, "%s%s%s", shell->unset, row->key, shell->end);
    return prc_document_ref (doc);
}

/* Values hold no newline: no format of a shell takes one here. */
static GBytes *
end_statements (const GString *unset, const PrcDocument *doc, const char *end)
{
    gsize size = 0, room = 0, at = unset->len;
    const char *data = prc_document_data (doc, &size);
    char *text = NULL;

    room = unset->len + size * strlen (end) + 1;
    text = g_malloc (room);
    memcpy (text, unset->str, unset->len);
    for (gsize i = 0; i < size; i++) {
        if (data[i] == '\n') {
            memcpy (text + at, end, strlen (end));
            at += strlen (end);
        } else {
            text[at++] = data[i];
        }
    }
    return prc_bytes_new_wiped (text, at);
}

static GBytes *
print_variables (const PrcTool *tool, const PrcWanted *wanted, const PrcUrlDialect *dialect,
                 const Shell *shell, GError **error)
{
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    g_autoptr (PrcDocument) doc =
        prc_document_parse (prc_format_by_name (shell->format), empty, 0, error);
    g_autoptr (GString) unset = g_string_new (NULL);

    for (guint i = 0; doc != NULL && i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);
        PrcDocument *after = NULL;

        if (row->write != PRC_WRITE_ALWAYS)
            continue;
        after = set_variable (doc, wanted, row, dialect, shell, unset, error);
        prc_document_unref (doc);
        doc = after;
    }
    return doc != NULL ? end_statements (unset, doc, shell->end) : NULL;
}

GBytes *
prc_environment_print (PrcSession *session, const char *shell, GError **error)
{
    const PrcTool *tool = NULL;
    g_autoptr (PrcProfiles) profiles = NULL;
    const PrcProfile *profile = NULL;
    g_auto (PrcHeldCredential) held = { 0 };
    PrcWanted wanted;
    PrcUrlDialect dialect;
    gsize row = 0;

    while (row < G_N_ELEMENTS (shells) && strcmp (shells[row].shell, shell) != 0)
        row++;
    if (row == G_N_ELEMENTS (shells)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     "--shell must be sh, bash, zsh, fish, csh or tcsh");
        return NULL;
    }
    tool = prc_session_tool (session, "env", error);
    profiles = tool != NULL ? prc_profiles_load (session, error) : NULL;
    profile = profiles != NULL ? prc_profiles_find (profiles, NULL, error) : NULL;
    if (profile == NULL || !prc_credential_load (session, profile, TRUE, &held, error))
        return NULL;
    wanted = prc_credential_wanted (profile, &held);
    dialect = prc_tool_dialect (tool, prc_session_place (session), &wanted);
    return print_variables (tool, &wanted, &dialect, &shells[row], error);
}

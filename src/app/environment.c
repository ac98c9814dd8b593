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

/* One statement, or none: a document of its own each, so that no driver reads them all again. */
static gboolean
add_statement (GPtrArray *statements, const PrcWanted *wanted, const PrcToolKey *row,
               const PrcUrlDialect *dialect, const Shell *shell, GError **error)
{
    g_autoptr (PrcWipedString) value = NULL;
    g_autoptr (GBytes) start = NULL;
    g_autoptr (PrcDocument) before = NULL;
    PrcDocument *after = NULL;
    PrcWantedKind kind;

    if (!prc_wanted_value (wanted, row, dialect, FALSE, &kind, &value, error))
        return FALSE;
    if (kind == PRC_WANTED_UNMANAGED)
        return TRUE;
    if (kind == PRC_WANTED_NOTHING) {
        char *text = g_strconcat (shell->unset, row->key, "\n", NULL);

        g_ptr_array_add (statements, g_bytes_new_take (text, strlen (text)));
        return TRUE;
    }
    start = g_bytes_new_static ("", 0);
    before = prc_document_parse (prc_format_by_name (shell->format), start, 0, error);
    after = before != NULL ? prc_document_set (before, row->key, value, error) : NULL;
    if (after == NULL)
        return FALSE;
    g_ptr_array_add (statements, g_bytes_ref (prc_document_bytes (after)));
    prc_document_unref (after);
    return TRUE;
}

/* Values hold no newline: no format of a shell takes one here. */
static GBytes *
join_statements (const GPtrArray *statements, const char *end)
{
    gsize room = 1, at = 0;
    char *text = NULL;

    for (guint i = 0; i < statements->len; i++)
        room += g_bytes_get_size (g_ptr_array_index (statements, i)) + strlen (end);
    text = g_malloc (room);
    for (guint i = 0; i < statements->len; i++) {
        gsize size = 0;
        const char *data = g_bytes_get_data (g_ptr_array_index (statements, i), &size);

        size -= size > 0 && data[size - 1] == '\n' ? 1 : 0;
        memcpy (text + at, data, size);
        memcpy (text + at + size, end, strlen (end));
        at += size + strlen (end);
    }
    return prc_bytes_new_wiped (text, at);
}

static GBytes *
print_variables (const PrcTool *tool, const PrcWanted *wanted, const PrcUrlDialect *dialect,
                 const Shell *shell, GError **error)
{
    g_autoptr (GPtrArray) statements =
        g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

    for (guint i = 0; i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);

        if (row->write == PRC_WRITE_ALWAYS &&
            !add_statement (statements, wanted, row, dialect, shell, error))
            return NULL;
    }
    return join_statements (statements, shell->end);
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

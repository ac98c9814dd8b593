#include "app/environment.h"

#include <string.h>

#include "app/planning.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"

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

static void
add_unset (GPtrArray *statements, const char *key, const Shell *shell)
{
    char *text = g_strconcat (shell->unset, key, "\n", NULL);

    g_ptr_array_add (statements, g_bytes_new_take (text, strlen (text)));
}

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
        add_unset (statements, row->key, shell);
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

typedef struct {
    PrcSession *session;
    const PrcTool *tool;
    const PrcWanted *credential; /* all that is known */
    PrcWanted wanted;            /* what the environment gets of it */
    const Shell *shell;
} Printing;

/* The proxy that the calling shell has in @row's variable is the profile's; with @user's password,
 * when one is wanted. */
static gboolean
has_inherited (const Printing *self, const PrcToolKey *row, const PrcUrlDialect *dialect,
               const char *user)
{
    const char *value = prc_place_getenv (prc_session_place (self->session), row->key);
    g_autoptr (PrcProxyUrl) wanted = prc_wanted_proxy (&self->wanted, row->role);
    g_autoptr (PrcProxyUrl) there =
        value != NULL ? prc_wanted_parse (row, dialect, value, NULL) : NULL;

    return there != NULL && wanted != NULL && prc_proxy_url_same_proxy (wanted, there) &&
           (user == NULL || (g_strcmp0 (there->user, user) == 0 && there->password != NULL));
}

static gboolean
is_ascii (const PrcWanted *wanted)
{
    return wanted->user == NULL ||
           (g_str_is_ascii (wanted->user) &&
            (wanted->password == NULL || g_str_is_ascii (prc_secret_text (wanted->password))));
}

/* A variable that only one tool reads: it gets a value where that tool would misread the shared
 * ones. One that we must have set for an earlier credential goes. */
static gboolean
add_own_variable (GPtrArray *statements, const Printing *self, const PrcToolKey *row,
                  GError **error)
{
    const PrcProfile *profile = self->wanted.profile;
    gboolean is_set = prc_place_getenv (prc_session_place (self->session), row->key) != NULL;
    gboolean differs = !is_ascii (&self->wanted) && self->wanted.password != NULL;
    const PrcCatalogue *catalogue = NULL;
    const PrcTool *tool = NULL;

    if (profile->is_direct) {
        if (is_set)
            add_unset (statements, row->key, self->shell);
        return TRUE;
    }
    if (!differs && !is_set)
        return TRUE;
    catalogue = prc_session_catalogue (self->session, error);
    tool = catalogue != NULL ? prc_catalogue_find (catalogue, row->of) : NULL;
    if (tool == NULL)
        return catalogue != NULL;
    if (differs && tool->url.latin1 &&
        prc_profile_placement_for (profile, tool->name) == PRC_PLACEMENT_REFERENCE &&
        prc_session_wants_tool (self->session, profile, tool))
        return add_statement (statements, &self->wanted, row, &tool->url, self->shell, error);
    if (is_set && !self->credential->password_unknown &&
        has_inherited (self, row, &tool->url, NULL))
        add_unset (statements, row->key, self->shell);
    return TRUE;
}

static GBytes *
print_variables (const Printing *self, GError **error)
{
    const PrcTool *tool = self->tool;
    g_autoptr (GPtrArray) statements =
        g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
    PrcUrlDialect dialect =
        prc_tool_dialect (tool, prc_session_place (self->session), &self->wanted);

    for (guint i = 0; i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);

        if (row->of != NULL) {
            if (!add_own_variable (statements, self, row, error))
                return NULL;
        } else if (row->write == PRC_WRITE_ALWAYS) {
            if (self->credential->password_unknown && prc_role_is_proxy (row->role) &&
                has_inherited (self, row, &dialect, self->credential->user))
                continue;
            if (!add_statement (statements, &self->wanted, row, &dialect, self->shell, error))
                return NULL;
        }
    }
    return join_statements (statements, self->shell->end);
}

/* At the start of a shell the session's way of asking asks nobody: what opens the store then is a
 * passphrase that stands in a file. */
static gboolean
load_credential (PrcSession *session, const PrcProfile *profile, PrcEnvironmentMode mode,
                 PrcHeldCredential *held, GError **error)
{
    if (mode == PRC_ENVIRONMENT_ASK)
        return prc_credential_load (session, profile, TRUE, held, error);
    return prc_credential_load (session, profile, TRUE, held, NULL) ||
           prc_credential_load (session, profile, FALSE, held, error);
}

static const Shell *
find_shell (const char *name, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (shells); i++)
        if (strcmp (shells[i].shell, name) == 0)
            return &shells[i];
    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                 _ ("--shell must be sh, bash, zsh, fish, csh or tcsh"));
    return NULL;
}

GBytes *
prc_environment_print (PrcSession *session, const char *shell, PrcEnvironmentMode mode,
                       GError **error)
{
    Printing self = { .session = session, .shell = find_shell (shell, error) };
    g_autoptr (PrcProfiles) profiles = NULL;
    const PrcProfile *profile = NULL;
    g_auto (PrcHeldCredential) held = { 0 };
    PrcWanted credential;

    self.tool = self.shell != NULL ? prc_session_tool (session, "env", error) : NULL;
    profiles = self.tool != NULL ? prc_profiles_load (session, error) : NULL;
    profile = profiles != NULL ? prc_profiles_find (profiles, NULL, error) : NULL;
    if (profile == NULL)
        return NULL;
    if (prc_wanted_placement (profile, self.tool) != PRC_PLACEMENT_NONE &&
        !load_credential (session, profile, mode, &held, error))
        return NULL;
    credential = prc_credential_wanted (profile, &held);
    self.credential = &credential;
    self.wanted = credential;
    if (credential.password_unknown || credential.password == NULL) {
        self.wanted.user = NULL;
        self.wanted.password_unknown = FALSE;
    }
    return print_variables (&self, error);
}

#include "routing/login-run.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"
#include "catalogue/reference.h"
#include "routing/login-value.h"

enum { SOURCE_DEPTH_MAX = 8 };

static void
state_free (gpointer data)
{
    PrcLoginState *state = data;

    prc_wipe_free (state->value);
    g_free (state->why);
    g_free (state->file);
    g_free (state);
}

PrcLoginState *
prc_login_state (PrcLoginShell *shell, const char *name)
{
    PrcLoginState *state = g_hash_table_lookup (shell->states, name);

    if (state == NULL) {
        char *key = g_strdup (name);

        state = g_new0 (PrcLoginState, 1);
        state->known = TRUE;
        g_hash_table_insert (shell->states, key, state);
        g_ptr_array_add (shell->names, key);
    }
    return state;
}

void
prc_login_state_set (PrcLoginState *state, const char *value, const char *why)
{
    char *copy = g_strdup (value);

    prc_wipe_free (state->value);
    state->value = copy;
    state->known = why == NULL;
    if (why != NULL) {
        g_free (state->why);
        state->why = g_strdup (why);
    }
}

static void
set_place (PrcLoginState *state, const PrcReading *reading)
{
    g_free (state->file);
    state->file = g_strdup (reading->file->path);
    state->line = prc_reading_entry (reading)->line;
}

/* Variables that nobody has set, and that a new session surely does not bring along. */
static gboolean
is_never_inherited (const char *name)
{
    g_autofree char *lower = g_ascii_strdown (name, -1);

    return g_str_has_suffix (lower, "_proxy");
}

const char *
prc_login_lookup (gpointer data, const char *name, gboolean *ret_unset)
{
    PrcLoginShell *shell = data;
    const PrcLoginState *state = g_hash_table_lookup (shell->states, name);

    *ret_unset = FALSE;
    if (state == NULL) {
        *ret_unset = is_never_inherited (name);
        return NULL;
    }
    if (!state->known)
        return NULL;
    *ret_unset = state->value == NULL;
    return state->value;
}

/* The value that @entry gives, or NULL with the reason why it isn't known. */
static char *
value_of (PrcLoginShell *shell, const PrcReading *reading, const PrcLoginState *state,
          char **ret_why)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    gboolean dynamic = (entry->flags & PRC_ENTRY_DYNAMIC) != 0 || entry->value == NULL;
    gboolean appends = FALSE;
    char *value = NULL;

    if (!prc_login_value_refers (reading->file->doc, entry))
        value = dynamic ? NULL : g_strdup (entry->value);
    else
        value = prc_login_value (reading->file->doc, entry, prc_login_lookup, shell, &appends);
    if (value != NULL && appends) {
        char *whole = state->known
                          ? g_strconcat (state->value != NULL ? state->value : "", value, NULL)
                          : NULL;

        prc_wipe_free (value);
        value = whole;
    }
    /* The driver saw more, if nothing but this file had a say. */
    if (value == NULL && !dynamic && !shell->sourced)
        value = g_strdup (entry->value);
    if (value == NULL)
        *ret_why = g_strdup_printf (_ ("%s:%u: %s is computed%s%s"), reading->file->path,
                                    entry->line, entry->key, entry->detail != NULL ? ": " : "",
                                    entry->detail != NULL ? entry->detail : "");
    return value;
}

static char *
condition_text (const PrcReading *reading)
{
    const PrcEntry *entry = prc_reading_entry (reading);

    return g_strdup_printf (_ ("%s:%u: %s is changed only on a condition%s%s"), reading->file->path,
                            entry->line, entry->key, entry->detail != NULL ? ": " : "",
                            entry->detail != NULL ? entry->detail : "");
}

static void
run_set (PrcLoginShell *shell, const PrcReading *reading, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    PrcLoginState *state = prc_login_state (shell, entry->key);
    g_autofree char *why = NULL;
    g_autoptr (PrcWipedString) value = value_of (shell, reading, state, &why);
    PrcLoginMaybe exported =
        (entry->flags & PRC_ENTRY_PRIVATE) != 0 ? state->exported : PRC_LOGIN_YES;

    if (!conditional) {
        prc_login_state_set (state, value, why);
        state->exported = exported;
        set_place (state, reading);
        return;
    }
    if (state->known && value != NULL && g_strcmp0 (state->value, value) == 0 &&
        state->exported == exported)
        return;
    if (why == NULL)
        why = condition_text (reading);
    prc_login_state_set (state, NULL, why);
    if (state->exported != exported)
        state->exported = PRC_LOGIN_MAYBE;
}

static void
run_unset (const PrcReading *reading, PrcLoginState *state, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    gboolean keeps_value = (entry->flags & PRC_ENTRY_UNEXPORT) != 0;

    if (!conditional) {
        if (!keeps_value)
            prc_login_state_set (state, NULL, NULL);
        state->exported = PRC_LOGIN_NO;
    } else if (state->exported != PRC_LOGIN_NO || !state->known || state->value != NULL) {
        g_autofree char *why = condition_text (reading);

        prc_login_state_set (state, NULL, why);
        if (state->exported != PRC_LOGIN_NO)
            state->exported = PRC_LOGIN_MAYBE;
    }
}

/* Of a variable that is not set, too: then it will be exported as soon as it is. */
static void
run_export (const PrcReading *reading, PrcLoginState *state, gboolean conditional)
{
    gboolean is_set = !state->known || state->value != NULL;

    if (!conditional) {
        state->exported = PRC_LOGIN_YES;
        if (is_set && state->file == NULL)
            set_place (state, reading);
    } else if (state->exported != PRC_LOGIN_YES) {
        state->exported = PRC_LOGIN_MAYBE;
        if (state->why == NULL)
            state->why = condition_text (reading);
    }
}

static void run_found (PrcLoginShell *shell, const PrcFound *found, guint start, guint end,
                       gboolean conditional);

/* A file that discovery could not follow, because a variable is in its name. */
static void
run_source (PrcLoginShell *shell, const PrcReading *reading, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    gsize size = 0;
    const char *data = prc_document_data (reading->file->doc, &size);
    g_autofree char *path = NULL;
    g_autoptr (PrcFound) found = NULL;

    shell->sourced = TRUE;
    if (entry->value != NULL || entry->value_end <= entry->value_start || entry->value_end > size ||
        shell->depth >= SOURCE_DEPTH_MAX)
        return; /* discovery has put its readings behind this one */
    path = prc_login_text (data + entry->value_start, entry->value_end - entry->value_start,
                           prc_document_format (reading->file->doc)->name, prc_login_lookup, shell);
    if (path == NULL || *path != '/')
        return;
    found = prc_discover_file (shell->login->env, 0, reading->row, shell->login->place, path);
    shell->depth++;
    run_found (shell, found, 0, found->readings->len, conditional);
    shell->depth--;
}

/* `eval "$(proxyrc env …)"`: what it prints is known; of what others print, that they leave proxies
 * alone is taken for granted. */
static void
run_eval (PrcLoginShell *shell, const PrcReading *reading, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    const PrcVariables *printed = shell->login->evaluated;
    gboolean is_ours = prc_reference_is_ours (shell->login->env, entry->value) ||
                       (entry->value != NULL && strstr (entry->value, "proxyrc env") != NULL);

    for (guint i = 0; is_ours && printed != NULL && i < printed->list->len; i++) {
        const PrcVariable *variable = g_ptr_array_index (printed->list, i);
        PrcLoginState *state = prc_login_state (shell, variable->name);
        PrcLoginMaybe exported = variable->value != NULL ? PRC_LOGIN_YES : PRC_LOGIN_NO;

        if (conditional && (!state->known || state->exported != exported ||
                            g_strcmp0 (state->value, variable->value) != 0)) {
            g_autofree char *why = condition_text (reading);

            prc_login_state_set (state, NULL, why);
            state->exported = state->exported == exported ? exported : PRC_LOGIN_MAYBE;
            continue;
        }
        prc_login_state_set (state, variable->value, NULL);
        state->exported = exported;
        set_place (state, reading);
    }
}

static void
run_reading (PrcLoginShell *shell, const PrcReading *reading, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);

    conditional =
        conditional || reading->is_conditional || (entry->flags & PRC_ENTRY_CONDITIONAL) != 0;
    if (strcmp (entry->key, "source") == 0 && (entry->flags & PRC_ENTRY_LIST) != 0) {
        run_source (shell, reading, conditional);
        return;
    }
    if (strcmp (entry->key, "eval") == 0 && (entry->flags & PRC_ENTRY_LIST) != 0) {
        run_eval (shell, reading, conditional);
        return;
    }
    switch (entry->kind) {
    case PRC_ENTRY_SET:
        run_set (shell, reading, conditional);
        break;
    case PRC_ENTRY_UNSET:
        run_unset (reading, prc_login_state (shell, entry->key), conditional);
        break;
    case PRC_ENTRY_EXPORT:
        run_export (reading, prc_login_state (shell, entry->key), conditional);
        break;
    }
}

/* @name stands in @file, as a word. */
static gboolean
names_function (const PrcFoundFile *file, const char *name)
{
    gsize size = 0, length = strlen (name);
    const char *data = file->doc != NULL ? prc_document_data (file->doc, &size) : NULL;
    const char *at = data;

    while (at != NULL && (at = memmem (at, size - (gsize) (at - data), name, length)) != NULL) {
        if ((at == data || !(g_ascii_isalnum (at[-1]) || strchr ("_-.:+@", at[-1]) != NULL)) &&
            (at + length == data + size ||
             !(g_ascii_isalnum (at[length]) || strchr ("_-.:+@", at[length]) != NULL)))
            return TRUE;
        at += length;
    }
    return FALSE;
}

/* It is never read here; or it stands in a function that no start-up file calls. */
static gboolean
is_never_run (const PrcLoginShell *shell, const PrcReading *reading)
{
    const PrcEntry *entry = prc_reading_entry (reading);

    if ((entry->flags & PRC_ENTRY_INERT) != 0)
        return TRUE;
    if (entry->uncalled == NULL)
        return FALSE;
    for (guint i = 0; i < shell->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (shell->found->files, i);

        if (file != reading->file && file->doc != reading->file->doc &&
            names_function (file, entry->uncalled))
            return FALSE;
    }
    return TRUE;
}

static void
run_found (PrcLoginShell *shell, const PrcFound *found, guint start, guint end,
           gboolean conditional)
{
    for (guint i = start; i < end; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);

        if (is_never_run (shell, reading) ||
            (reading->is_interactive && !shell->login->interactive))
            continue;
        if (shell->doc != reading->file->doc) {
            shell->doc = reading->file->doc;
            shell->sourced = shell->sourced || shell->depth > 0;
        }
        run_reading (shell, reading, conditional);
    }
}

void
prc_login_run (PrcLoginShell *shell, const PrcFound *found, guint start, guint end,
               gboolean conditional)
{
    shell->doc = NULL;
    shell->sourced = FALSE;
    run_found (shell, found, start, end, conditional);
}

void
prc_login_shell_init (PrcLoginShell *shell, const PrcLogin *login, const PrcFound *found)
{
    *shell = (PrcLoginShell){ .login = login, .found = found };
    shell->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, state_free);
    shell->names = g_ptr_array_new ();
}

void
prc_login_shell_clear (PrcLoginShell *shell)
{
    g_ptr_array_unref (shell->names);
    g_hash_table_unref (shell->states);
    g_free (shell->doubt);
}

#include "routing/login.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"
#include "catalogue/reference.h"
#include "routing/login-order.h"
#include "routing/login-value.h"

typedef enum { NO, MAYBE, YES } Maybe;

/* What a shell knows of one variable. */
typedef struct {
    char *value; /* (nullable): when @known: not set */
    gboolean known;
    Maybe exported;
    char *why; /* (nullable): it isn't known, or whether it is exported */
    char *file;
    guint line;
} State;

enum { SOURCE_DEPTH_MAX = 8 };

typedef struct {
    const PrcLogin *login;
    const PrcFound *found;
    GHashTable *states; /* name -> State */
    GPtrArray *names;   /* in the order in which they came up; owned by @states */
    const PrcDocument *doc;
    gboolean sourced; /* in this document another one was read */
    guint depth;
    char *doubt;
} Shell;

static void
state_free (gpointer data)
{
    State *state = data;

    prc_wipe_free (state->value);
    g_free (state->why);
    g_free (state->file);
    g_free (state);
}

static State *
state_of (Shell *shell, const char *name)
{
    State *state = g_hash_table_lookup (shell->states, name);

    if (state == NULL) {
        char *key = g_strdup (name);

        state = g_new0 (State, 1);
        state->known = TRUE;
        g_hash_table_insert (shell->states, key, state);
        g_ptr_array_add (shell->names, key);
    }
    return state;
}

static void
set_value (State *state, const char *value, const char *why)
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
set_place (State *state, const PrcReading *reading)
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

static const char *
lookup_variable (gpointer data, const char *name, gboolean *ret_unset)
{
    Shell *shell = data;
    const State *state = g_hash_table_lookup (shell->states, name);

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
value_of (Shell *shell, const PrcReading *reading, const State *state, char **ret_why)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    gboolean dynamic = (entry->flags & PRC_ENTRY_DYNAMIC) != 0 || entry->value == NULL;
    gboolean appends = FALSE;
    char *value = NULL;

    if (!prc_login_value_refers (reading->file->doc, entry))
        value = dynamic ? NULL : g_strdup (entry->value);
    else
        value = prc_login_value (reading->file->doc, entry, lookup_variable, shell, &appends);
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
run_set (Shell *shell, const PrcReading *reading, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    State *state = state_of (shell, entry->key);
    g_autofree char *why = NULL;
    g_autoptr (PrcWipedString) value = value_of (shell, reading, state, &why);
    Maybe exported = (entry->flags & PRC_ENTRY_PRIVATE) != 0 ? state->exported : YES;

    if (!conditional) {
        set_value (state, value, why);
        state->exported = exported;
        set_place (state, reading);
        return;
    }
    if (state->known && value != NULL && g_strcmp0 (state->value, value) == 0 &&
        state->exported == exported)
        return;
    if (why == NULL)
        why = condition_text (reading);
    set_value (state, NULL, why);
    if (state->exported != exported)
        state->exported = MAYBE;
}

static void
run_unset (const PrcReading *reading, State *state, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    gboolean keeps_value = g_strcmp0 (entry->detail, "no longer exported") == 0;

    if (!conditional) {
        if (!keeps_value)
            set_value (state, NULL, NULL);
        state->exported = NO;
    } else if (state->exported != NO || !state->known || state->value != NULL) {
        g_autofree char *why = condition_text (reading);

        set_value (state, NULL, why);
        if (state->exported != NO)
            state->exported = MAYBE;
    }
}

static void
run_export (const PrcReading *reading, State *state, gboolean conditional)
{
    if (state->known && state->value == NULL)
        return;
    if (!conditional) {
        state->exported = YES;
        if (state->file == NULL)
            set_place (state, reading);
    } else if (state->exported != YES) {
        state->exported = MAYBE;
        if (state->why == NULL)
            state->why = condition_text (reading);
    }
}

static void run_found (Shell *shell, const PrcFound *found, guint start, guint end,
                       gboolean conditional, gboolean interactive_only);

/* A file that discovery could not follow, because a variable is in its name. */
static void
run_source (Shell *shell, const PrcReading *reading, gboolean conditional)
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
                           prc_document_format (reading->file->doc)->name, lookup_variable, shell);
    if (path == NULL || *path != '/')
        return;
    found = prc_discover_file (shell->login->env, 0, reading->row, shell->login->place, path);
    shell->depth++;
    run_found (shell, found, 0, found->readings->len, conditional, FALSE);
    shell->depth--;
}

/* `eval "$(proxyrc env …)"`: what it prints is known; of what others print, that they leave proxies
 * alone is taken for granted. */
static void
run_eval (Shell *shell, const PrcReading *reading, gboolean conditional)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    const PrcVariables *printed = shell->login->evaluated;
    gboolean is_ours = prc_reference_is_ours (shell->login->env, entry->value) ||
                       (entry->value != NULL && strstr (entry->value, "proxyrc env") != NULL);

    for (guint i = 0; is_ours && printed != NULL && i < printed->list->len; i++) {
        const PrcVariable *variable = g_ptr_array_index (printed->list, i);
        State *state = state_of (shell, variable->name);
        Maybe exported = variable->value != NULL ? YES : NO;

        if (conditional && (!state->known || state->exported != exported ||
                            g_strcmp0 (state->value, variable->value) != 0)) {
            g_autofree char *why = condition_text (reading);

            set_value (state, NULL, why);
            state->exported = state->exported == exported ? exported : MAYBE;
            continue;
        }
        set_value (state, variable->value, NULL);
        state->exported = exported;
        set_place (state, reading);
    }
}

static void
run_reading (Shell *shell, const PrcReading *reading, gboolean conditional)
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
        run_unset (reading, state_of (shell, entry->key), conditional);
        break;
    case PRC_ENTRY_EXPORT:
        run_export (reading, state_of (shell, entry->key), conditional);
        break;
    }
}

static void
run_found (Shell *shell, const PrcFound *found, guint start, guint end, gboolean conditional,
           gboolean interactive_only)
{
    for (guint i = start; i < end; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);

        if ((prc_reading_entry (reading)->flags & PRC_ENTRY_INERT) != 0 ||
            (reading->is_interactive && !shell->login->interactive && !interactive_only))
            continue;
        if (shell->doc != reading->file->doc) {
            shell->doc = reading->file->doc;
            shell->sourced = shell->sourced || shell->depth > 0;
        }
        run_reading (shell, reading, conditional);
    }
}

/* What PAM gives to every session. ~/.pam_environment is read only where PAM is told to. */
static void
run_pam (Shell *shell)
{
    for (guint i = 0; i < shell->found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (shell->found->readings, PrcReading, i);

        if (strcmp (reading->row->format->name, "pam_env") == 0)
            run_found (shell, shell->found, i, i + 1, reading->row->scope == PRC_SCOPE_USER, FALSE);
    }
}

static void
note_bad_file (Shell *shell, const PrcFoundFile *file)
{
    if (file->error != NULL && shell->doubt == NULL)
        shell->doubt = g_strdup (file->error->message);
}

/* @zshenv: only those, or only the others. */
static void
run_parts (Shell *shell, gboolean zshenv)
{
    g_autoptr (GArray) parts =
        prc_login_order (shell->found, shell->login->place, shell->login->interactive);

    for (guint i = 0; i < parts->len; i++) {
        const PrcLoginPart *part = &g_array_index (parts, PrcLoginPart, i);

        if (prc_login_part_is_zshenv (part) != zshenv)
            continue;
        shell->doc = NULL;
        shell->sourced = FALSE;
        run_found (shell, shell->found, part->start, part->end, FALSE, FALSE);
    }
    for (guint i = 0; i < shell->found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (shell->found->files, i);

        if (file->in_login && prc_login_reads (file, shell->login->place))
            note_bad_file (shell, file);
    }
}

static void
start_session (Shell *shell)
{
    const struct {
        const char *name, *value;
    } known[] = {
        { "HOME", *shell->login->place->home != '\0' ? shell->login->place->home : "/" },
        { "USER", shell->login->user },
        { "LOGNAME", shell->login->user },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
        if (known[i].value == NULL)
            continue;
        set_value (state_of (shell, known[i].name), known[i].value, NULL);
        state_of (shell, known[i].name)->exported = YES;
    }
}

static PrcVariables *
visible_variables (Shell *shell)
{
    PrcVariables *variables = prc_variables_new ();

    for (guint i = 0; i < shell->names->len; i++) {
        const char *name = g_ptr_array_index (shell->names, i);
        const State *state = g_hash_table_lookup (shell->states, name);
        PrcVariable *variable = NULL;

        if (state->exported == NO || (state->known && state->value == NULL))
            continue;
        variable = prc_variables_add (variables, name);
        variable->file = g_strdup (state->file);
        variable->line = state->line;
        if (state->exported == YES && state->known)
            variable->value = g_strdup (state->value);
        else
            variable->doubt = g_strdup (state->why != NULL ? state->why : _ ("set on a condition"));
    }
    variables->doubt = g_strdup (shell->doubt);
    return variables;
}

/* What `set -Ux` has left counts where nothing else sets the variable. */
static void
add_universal (PrcVariables *variables, const PrcFound *found)
{
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        PrcVariable *variable = NULL;

        if (strcmp (reading->file->format->name, "fish_variables") != 0 || entry->value == NULL ||
            (entry->flags & PRC_ENTRY_PRIVATE) != 0 ||
            prc_variables_find (variables, entry->key) != NULL)
            continue;
        variable = prc_variables_add (variables, entry->key);
        variable->value = g_strdup (entry->value);
        variable->file = g_strdup (reading->file->path);
        variable->line = entry->line;
    }
}

PrcPlace
prc_login_place (const PrcPlace *place, const PrcVariables *variables)
{
    PrcPlace copy = { g_strdup (place->home), g_strdup (place->root), g_strdup (place->shell),
                      prc_variables_environ (variables) };
    const char *path = prc_place_getenv (place, "PATH");

    if (path != NULL)
        copy.env = g_environ_setenv (copy.env, "PATH", path, TRUE);
    else
        copy.env = g_environ_unsetenv (copy.env, "PATH");
    return copy;
}

/* zsh looks for its other files where the first one says. */
static void
follow_zdotdir (Shell *shell, PrcFound **moved)
{
    gboolean unset = FALSE;
    const char *folder = lookup_variable (shell, "ZDOTDIR", &unset);
    g_autoptr (PrcVariables) variables = NULL;
    PrcPlace place;

    if (folder == NULL || strcmp (shell->login->place->shell, "zsh") != 0)
        return;
    variables = prc_variables_new ();
    prc_variables_add (variables, "ZDOTDIR")->value = g_strdup (folder);
    place = prc_login_place (shell->login->place, variables);
    *moved = prc_discover (shell->login->env, &place);
    shell->found = *moved;
    prc_place_clear (&place);
}

PrcVariables *
prc_login_variables (const PrcLogin *login)
{
    g_autoptr (PrcVariables) none = prc_variables_new ();
    PrcPlace place = prc_login_place (login->place, none);
    g_autoptr (PrcFound) found = prc_discover (login->env, &place);
    g_autoptr (PrcFound) moved = NULL;
    Shell shell = { login,
                    found,
                    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, state_free),
                    g_ptr_array_new (),
                    NULL,
                    FALSE,
                    0,
                    NULL };
    PrcVariables *variables = NULL;

    start_session (&shell);
    run_pam (&shell);
    run_parts (&shell, TRUE);
    follow_zdotdir (&shell, &moved);
    run_parts (&shell, FALSE);
    variables = visible_variables (&shell);
    if (strcmp (login->place->shell, "fish") == 0)
        add_universal (variables, found);
    g_ptr_array_unref (shell.names);
    g_hash_table_unref (shell.states);
    g_free (shell.doubt);
    prc_place_clear (&place);
    return variables;
}

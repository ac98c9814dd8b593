#include "routing/login.h"

#include <string.h>

#include "base/i18n.h"
#include "routing/login-order.h"
#include "routing/login-run.h"

/* What PAM gives to every session. ~/.pam_environment is read only where PAM is told to. */
static void
run_pam (PrcLoginShell *shell, const PrcFound *found)
{
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);

        if (strcmp (reading->row->format->name, "pam_env") == 0)
            prc_login_run (shell, found, i, i + 1, reading->row->scope == PRC_SCOPE_USER);
    }
}

static void
note_bad_file (PrcLoginShell *shell, const PrcFoundFile *file)
{
    if (file->error != NULL && shell->doubt == NULL)
        shell->doubt = g_strdup (file->error->message);
}

/* Where zsh looks for the files after the first one: (nullable): not known. */
static const char *
zsh_folder (PrcLoginShell *shell)
{
    gboolean unset = FALSE;
    const PrcLoginState *state = g_hash_table_lookup (shell->states, "ZDOTDIR");
    const char *folder = prc_login_lookup (shell, "ZDOTDIR", &unset);

    if (folder != NULL && *folder != '\0')
        return folder;
    if (state == NULL || state->known)
        return shell->login->place->home;
    if (shell->doubt == NULL)
        shell->doubt = g_strdup (state->why);
    return NULL;
}

/* The catalogue's row of zsh's file @name in @scope says how it is read; @path, where it is. */
static void
run_zsh_file (PrcLoginShell *shell, PrcScope scope, const char *name, const char *path)
{
    const GPtrArray *rows = shell->login->env->files;

    for (guint i = 0; i < rows->len; i++) {
        const PrcToolFile *row = g_ptr_array_index (rows, i);
        g_autoptr (PrcFound) found = NULL;

        if (row->path == NULL || row->scope != scope || g_strcmp0 (row->shell, "zsh") != 0 ||
            !g_str_has_suffix (row->path, name))
            continue;
        found = prc_discover_file (shell->login->env, 0, row, shell->login->place, path);
        note_bad_file (shell, g_ptr_array_index (found->files, 0));
        prc_login_run (shell, found, 0, found->readings->len, FALSE);
        return;
    }
}

/* The system's file before the user's, for each in turn; the user's wherever ZDOTDIR has moved it
 * by then. */
static void
run_zsh (PrcLoginShell *shell)
{
    static const char *const names[] = { "zshenv", "zprofile", "zshrc", "zlogin" };
    g_autofree char *usual = g_strconcat (shell->login->place->root, "/etc/zsh", NULL);
    g_autofree char *upstream = g_strconcat (shell->login->place->root, "/etc", NULL);
    const char *system = g_file_test (usual, G_FILE_TEST_IS_DIR) ? usual : upstream;

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *system_path = g_build_filename (system, names[i], NULL);
        g_autofree char *dotted = g_strconcat (".", names[i], NULL);
        g_autofree char *user_path = NULL;
        const char *folder = NULL;

        if (!shell->login->interactive && strcmp (names[i], "zshrc") == 0)
            continue;
        run_zsh_file (shell, PRC_SCOPE_SYSTEM, names[i], system_path);
        folder = zsh_folder (shell);
        user_path = folder != NULL ? g_build_filename (folder, dotted, NULL) : NULL;
        if (user_path != NULL)
            run_zsh_file (shell, PRC_SCOPE_USER, dotted, user_path);
    }
}

static void
run_parts (PrcLoginShell *shell, const PrcFound *found)
{
    g_autoptr (GArray) parts = prc_login_order (found, shell->login->place);

    for (guint i = 0; i < parts->len; i++) {
        const PrcLoginPart *part = &g_array_index (parts, PrcLoginPart, i);

        prc_login_run (shell, found, part->start, part->end, FALSE);
    }
    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (file->in_login && prc_login_reads (file, shell->login->place))
            note_bad_file (shell, file);
    }
}

static void
start_session (PrcLoginShell *shell)
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
        prc_login_state_set (prc_login_state (shell, known[i].name), known[i].value, NULL);
        prc_login_state (shell, known[i].name)->exported = PRC_LOGIN_YES;
    }
}

static PrcVariables *
visible_variables (PrcLoginShell *shell)
{
    PrcVariables *variables = prc_variables_new ();

    for (guint i = 0; i < shell->names->len; i++) {
        const char *name = g_ptr_array_index (shell->names, i);
        const PrcLoginState *state = g_hash_table_lookup (shell->states, name);
        PrcVariable *variable = NULL;

        if (state->exported == PRC_LOGIN_NO || (state->known && state->value == NULL))
            continue;
        variable = prc_variables_add (variables, name);
        variable->file = g_strdup (state->file);
        variable->line = state->line;
        if (state->exported == PRC_LOGIN_YES && state->known)
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

/* Why a file that sets a proxy has no say here; NULL: it has, or is somebody else's. */
static const char *
reason_unread (const PrcReading *reading, const PrcPlace *place)
{
    if (strcmp (reading->row->format->name, "environment.d") == 0)
        return _ ("only what systemd starts for the user reads it");
    if (reading->row->shell == NULL || reading->file->in_login || reading->row->when == NULL ||
        !prc_login_reads (reading->file, place))
        return NULL;
    if (reading->is_unread)
        return _ ("another start-up file is read instead of it");
    return _ ("no login shell reads it");
}

static void
note_unread (PrcVariables *variables, const PrcFound *found, const PrcLogin *login)
{
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        const PrcToolKey *row = prc_tool_find_key (login->env, entry->key);
        const char *reason = reason_unread (reading, login->place);
        PrcVariable *variable = NULL;

        if (reason == NULL || row == NULL || !prc_role_is_proxy (row->role) ||
            entry->kind != PRC_ENTRY_SET ||
            (entry->flags & (PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE)) != 0)
            continue;
        variable = prc_variables_add_unread (variables, entry->key);
        variable->file = g_strdup (reading->file->path);
        variable->line = entry->line;
        variable->doubt = g_strdup (reason);
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

PrcVariables *
prc_login_variables (const PrcLogin *login)
{
    g_autoptr (PrcVariables) none = prc_variables_new ();
    PrcPlace place = prc_login_place (login->place, none);
    g_autoptr (PrcFound) found = prc_discover (login->env, &place);
    PrcLoginShell shell;
    PrcVariables *variables = NULL;

    prc_login_shell_init (&shell, login, found);
    start_session (&shell);
    run_pam (&shell, found);
    if (strcmp (login->place->shell, "zsh") == 0)
        run_zsh (&shell);
    else
        run_parts (&shell, found);
    variables = visible_variables (&shell);
    if (strcmp (login->place->shell, "fish") == 0)
        add_universal (variables, found);
    note_unread (variables, found, login);
    prc_login_shell_clear (&shell);
    prc_place_clear (&place);
    return variables;
}

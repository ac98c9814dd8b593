#include "routing/git-config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"

enum { INCLUDE_DEPTH_MAX = 10 };

typedef struct {
    const PrcRouteQuery *query;
    GPtrArray *entries; /* of PrcGitEntry */
    char *git_dir;      /* (nullable) */
    char *failure;      /* (nullable) */
} Reader;

static void
git_entry_free (gpointer data)
{
    PrcGitEntry *entry = data;

    g_free (entry->key);
    prc_wipe_free (entry->value);
    g_free (entry->file);
    g_free (entry->variable);
    g_free (entry->doubt);
    g_free (entry);
}

static void
fail (Reader *reader, char *why)
{
    if (reader->failure == NULL)
        reader->failure = why;
    else
        g_free (why);
}

static void
add_entry (Reader *reader, const char *path, const PrcEntry *entry, const char *doubt)
{
    PrcGitEntry *copy = g_new0 (PrcGitEntry, 1);

    copy->key = g_strdup (entry->key);
    copy->value = g_strdup (entry->value);
    copy->file = g_strdup (path);
    copy->line = entry->line;
    copy->doubt = g_strdup (doubt);
    g_ptr_array_add (reader->entries, copy);
}

static void read_file (Reader *reader, const char *path, guint depth, const char *doubt);

static void
read_include (Reader *reader, const char *from, const PrcEntry *entry, guint depth,
              const char *doubt)
{
    const char *home = reader->query->place->home;
    g_autofree char *folder = g_path_get_dirname (from);
    g_autofree char *path = NULL;

    if (entry->value == NULL) {
        fail (reader, g_strdup_printf (_ ("%s:%u: %s has no value: git fails"), from, entry->line,
                                       entry->key));
        return;
    }
    if (g_str_has_prefix (entry->value, "~/"))
        path = g_build_filename (home, entry->value + 2, NULL);
    else if (*entry->value == '/')
        path = g_strconcat (reader->query->place->root, entry->value, NULL);
    else
        path = g_build_filename (folder, entry->value, NULL);
    if (depth >= INCLUDE_DEPTH_MAX)
        fail (reader,
              g_strdup_printf (_ ("%s:%u: git fails: more than %d files include each other"), from,
                               entry->line, INCLUDE_DEPTH_MAX));
    else
        read_file (reader, path, depth + 1, doubt);
}

/* Returns: the condition between `includeif.` and `.path`, or NULL. */
static char *
condition_of (const char *key)
{
    static const char prefix[] = "includeif.", suffix[] = ".path";

    if (!g_str_has_prefix (key, prefix) || !g_str_has_suffix (key, suffix) ||
        strlen (key) < strlen (prefix) + strlen (suffix))
        return NULL;
    return g_strndup (key + strlen (prefix), strlen (key) - strlen (prefix) - strlen (suffix));
}

static void
read_entry (Reader *reader, const char *path, const PrcEntry *entry, guint depth, const char *doubt)
{
    g_autofree char *condition = condition_of (entry->key);
    g_autofree char *unsure = NULL;
    int holds = 1;

    add_entry (reader, path, entry, doubt);
    if (condition != NULL) {
        holds = prc_git_condition (condition, reader->git_dir, reader->query->place->home, path);
        if (holds < 0)
            unsure = g_strdup_printf (_ ("%s:%u: includeIf \"%s\" is not evaluated here"), path,
                                      entry->line, condition);
    } else if (strcmp (entry->key, "include.path") != 0) {
        return;
    }
    if (holds != 0)
        read_include (reader, path, entry, depth, unsure != NULL ? unsure : doubt);
}

static void
read_file (Reader *reader, const char *path, guint depth, const char *doubt)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, path, NULL, &error);
    g_autoptr (PrcDocument) doc = NULL;
    const GPtrArray *entries = NULL;

    if (bytes == NULL) {
        if (!g_error_matches (error, PRC_ERROR, PRC_ERROR_NOT_FOUND) &&
            !g_file_test (path, G_FILE_TEST_IS_DIR))
            fail (reader, g_strdup (error->message));
        return;
    }
    doc = prc_document_parse (prc_format_by_name ("gitconfig"), bytes, 0, &error);
    if (doc == NULL) {
        prc_prefix_file (&error, path);
        fail (reader, g_strdup (error->message));
        return;
    }
    entries = prc_document_entries (doc);
    for (guint i = 0; i < entries->len; i++)
        read_entry (reader, path, g_ptr_array_index (entries, i), depth, doubt);
}

/* What git takes for yes in GIT_CONFIG_NOSYSTEM. */
static gboolean
is_true (const char *value)
{
    static const char *const no[] = { "", "0", "false", "no", "off" };

    for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
        if (g_ascii_strcasecmp (value, no[i]) == 0)
            return FALSE;
    return TRUE;
}

static void
read_common (Reader *reader)
{
    char **env = reader->query->place->env;
    const char *no_system = g_environ_getenv (env, "GIT_CONFIG_NOSYSTEM");
    const char *system = g_environ_getenv (env, "GIT_CONFIG_SYSTEM");
    const char *global = g_environ_getenv (env, "GIT_CONFIG_GLOBAL");
    static const char *const users[] = { "${XDG_CONFIG_HOME:-~/.config}/git/config",
                                         "~/.gitconfig" };

    if (no_system == NULL || !is_true (no_system)) {
        g_autofree char *usual = g_strconcat (reader->query->place->root, "/etc/gitconfig", NULL);

        read_file (reader, system != NULL ? system : usual, 0, NULL);
    }
    if (global != NULL) {
        if (*global != '\0')
            read_file (reader, global, 0, NULL);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (users); i++) {
        g_auto (GStrv) paths = prc_place_expand (reader->query->place, users[i]);

        if (paths[0] != NULL)
            read_file (reader, paths[0], 0, NULL);
    }
}

static gboolean
has_worktree_config (const Reader *reader)
{
    gboolean is_on = FALSE;

    for (guint i = 0; i < reader->entries->len; i++) {
        const PrcGitEntry *entry = g_ptr_array_index (reader->entries, i);

        if (strcmp (entry->key, "extensions.worktreeconfig") == 0)
            is_on = entry->value == NULL || is_true (entry->value);
    }
    return is_on;
}

/* Git takes no notice of a repository that is somebody else's, unless safe.directory names it. */
static gboolean
is_trusted (const Reader *reader)
{
    const char *sudo = prc_place_getenv (reader->query->place, "SUDO_UID");
    g_autofree char *folder = g_path_get_dirname (reader->git_dir);
    struct stat st;

    if (stat (reader->git_dir, &st) != 0 || st.st_uid == geteuid () ||
        (geteuid () == 0 && sudo != NULL && st.st_uid == (uid_t) g_ascii_strtoull (sudo, NULL, 10)))
        return TRUE;
    for (guint i = reader->entries->len; i-- > 0;) {
        const PrcGitEntry *entry = g_ptr_array_index (reader->entries, i);

        if (strcmp (entry->key, "safe.directory") != 0)
            continue;
        if (entry->value == NULL || *entry->value == '\0')
            return FALSE; /* takes back those before it */
        if (strcmp (entry->value, "*") == 0 || strcmp (entry->value, folder) == 0 ||
            strcmp (entry->value, reader->git_dir) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The repository's own; a linked work tree shares that of the main one. */
static void
read_repository (Reader *reader)
{
    g_autofree char *common_file = NULL;
    g_autofree char *text = NULL;
    g_autofree char *common = NULL;
    g_autofree char *config = NULL;
    g_autofree char *own = NULL;

    if (reader->git_dir == NULL || !is_trusted (reader))
        return;
    common_file = g_build_filename (reader->git_dir, "commondir", NULL);
    if (g_file_get_contents (common_file, &text, NULL, NULL))
        common = g_canonicalize_filename (g_strchomp (text), reader->git_dir);
    config = g_build_filename (common != NULL ? common : reader->git_dir, "config", NULL);
    read_file (reader, config, 0, NULL);
    if (!has_worktree_config (reader))
        return;
    own = g_build_filename (reader->git_dir, "config.worktree", NULL);
    read_file (reader, own, 0, NULL);
}

/* GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, … */
static void
read_variables (Reader *reader)
{
    char **env = reader->query->place->env;
    const char *count = g_environ_getenv (env, "GIT_CONFIG_COUNT");
    guint64 n = count != NULL ? g_ascii_strtoull (count, NULL, 10) : 0;

    for (guint64 i = 0; i < MIN (n, 1000); i++) {
        g_autofree char *key_name = g_strdup_printf ("GIT_CONFIG_KEY_%u", (guint) i);
        g_autofree char *value_name = g_strdup_printf ("GIT_CONFIG_VALUE_%u", (guint) i);
        const char *key = g_environ_getenv (env, key_name);
        const char *value = g_environ_getenv (env, value_name);
        PrcGitEntry *entry = NULL;
        char *canonical =
            key != NULL ? prc_format_by_name ("gitconfig")->canonical_key (key, NULL) : NULL;

        if (canonical == NULL || value == NULL) {
            g_free (canonical);
            fail (reader, g_strdup_printf (_ ("%s and %s must both be set: git fails"), key_name,
                                           value_name));
            return;
        }
        entry = g_new0 (PrcGitEntry, 1);
        entry->key = canonical;
        entry->value = g_strdup (value);
        entry->variable = g_steal_pointer (&value_name);
        g_ptr_array_add (reader->entries, entry);
    }
}

GPtrArray *
prc_git_config_read (const PrcRouteQuery *query, char **ret_failure)
{
    Reader reader = { query, g_ptr_array_new_with_free_func (git_entry_free), NULL, NULL };
    const char *given = prc_place_getenv (query->place, "GIT_DIR");

    if (query->dir != NULL)
        reader.git_dir = given != NULL ? g_canonicalize_filename (given, query->dir)
                                       : prc_git_find_repository (query->dir);
    read_common (&reader);
    read_repository (&reader);
    read_variables (&reader);
    g_free (reader.git_dir);
    *ret_failure = reader.failure;
    return reader.entries;
}

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
    char *variable;     /* (nullable): the one that @failure is about */
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
fail_at (Reader *reader, const PrcGitEntry *entry, char *why)
{
    if (reader->variable == NULL && reader->failure == NULL)
        reader->variable = g_strdup (entry->variable);
    fail (reader, why);
}

char *
prc_git_entry_where (const PrcGitEntry *entry)
{
    return entry->file != NULL ? g_strdup_printf ("%s:%u", entry->file, entry->line)
                               : g_strdup (entry->variable);
}

static void read_file (Reader *reader, const char *path, guint depth, const char *doubt);

/* (transfer full) (nullable): what an include names; NULL: git fails on it. */
static char *
included_path (Reader *reader, const PrcGitEntry *entry)
{
    const PrcPlace *place = reader->query->place;
    g_autofree char *where = prc_git_entry_where (entry);
    g_autofree char *folder = NULL;

    if (entry->value == NULL) {
        fail_at (reader, entry,
                 g_strdup_printf (_ ("%s: %s has no value: git fails"), where, entry->key));
        return NULL;
    }
    if (g_str_has_prefix (entry->value, "~/"))
        return g_build_filename (place->home, entry->value + 2, NULL);
    if (*entry->value == '/')
        return g_strconcat (place->root, entry->value, NULL);
    if (entry->file == NULL) {
        fail_at (reader, entry,
                 g_strdup_printf (_ ("%s: git fails: outside of a file an include must name "
                                     "an absolute path"),
                                  where));
        return NULL;
    }
    folder = g_path_get_dirname (entry->file);
    return g_build_filename (folder, entry->value, NULL);
}

static void
read_include (Reader *reader, const PrcGitEntry *entry, guint depth, const char *doubt)
{
    g_autofree char *path = included_path (reader, entry);
    g_autofree char *where = prc_git_entry_where (entry);

    if (path == NULL)
        return;
    if (depth >= INCLUDE_DEPTH_MAX)
        fail (reader, g_strdup_printf (_ ("%s: git fails: more than %d files include each other"),
                                       where, INCLUDE_DEPTH_MAX));
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

/* @entry: (transfer full): the next in git's order; what it includes comes behind it. */
static void
take_entry (Reader *reader, PrcGitEntry *entry, guint depth)
{
    g_autofree char *condition = condition_of (entry->key);
    g_autofree char *unsure = NULL;
    int holds = 1;

    g_ptr_array_add (reader->entries, entry);
    if (condition != NULL) {
        holds =
            prc_git_condition (condition, reader->git_dir, reader->query->place->home, entry->file);
        if (holds < 0) {
            g_autofree char *where = prc_git_entry_where (entry);

            unsure = g_strdup_printf (_ ("%s: includeIf \"%s\" is not evaluated here"), where,
                                      condition);
        }
    } else if (strcmp (entry->key, "include.path") != 0) {
        return;
    }
    if (holds != 0)
        read_include (reader, entry, depth, unsure != NULL ? unsure : entry->doubt);
}

static void
read_entry (Reader *reader, const char *path, const PrcEntry *entry, guint depth, const char *doubt)
{
    PrcGitEntry *copy = g_new0 (PrcGitEntry, 1);

    copy->key = g_strdup (entry->key);
    copy->value = g_strdup (entry->value);
    copy->file = g_strdup (path);
    copy->line = entry->line;
    copy->doubt = g_strdup (doubt);
    take_entry (reader, copy, depth);
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

/* @variable: (transfer full): holds it. Returns: FALSE: git fails on such a key. */
static gboolean
take_pair (Reader *reader, const char *key, const char *value, char *variable)
{
    char *canonical = prc_format_by_name ("gitconfig")->canonical_key (key, NULL);
    PrcGitEntry *entry = NULL;

    if (canonical == NULL) {
        g_free (variable);
        return FALSE;
    }
    entry = g_new0 (PrcGitEntry, 1);
    entry->key = canonical;
    entry->value = g_strdup (value);
    entry->variable = variable;
    take_entry (reader, entry, 0);
    return TRUE;
}

/* What git makes of GIT_CONFIG_COUNT; FALSE: it fails. */
static gboolean
read_count (const char *text, guint64 *ret_count)
{
    char *end = NULL;

    *ret_count = g_ascii_strtoull (text, &end, 10);
    return *end == '\0' && *ret_count <= G_MAXINT;
}

static void
fail_on_variable (Reader *reader, const char *name)
{
    if (reader->failure != NULL)
        return;
    reader->variable = g_strdup (name);
    fail (reader, g_strdup_printf (_ ("git fails on the value of %s"), name));
}

/* GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, … */
static void
read_numbered (Reader *reader)
{
    char **env = reader->query->place->env;
    const char *count = g_environ_getenv (env, "GIT_CONFIG_COUNT");
    guint64 n = 0;

    if (count != NULL && !read_count (count, &n))
        fail_on_variable (reader, "GIT_CONFIG_COUNT");
    for (guint64 i = 0; i < n && reader->failure == NULL; i++) {
        g_autofree char *key_name = g_strdup_printf ("GIT_CONFIG_KEY_%u", (guint) i);
        g_autofree char *value_name = g_strdup_printf ("GIT_CONFIG_VALUE_%u", (guint) i);
        const char *key = g_environ_getenv (env, key_name);
        const char *value = g_environ_getenv (env, value_name);

        if (key == NULL || value == NULL) {
            reader->variable = g_strdup (key_name);
            fail (reader, g_strdup_printf (_ ("%s and %s must both be set: git fails"), key_name,
                                           value_name));
        } else if (!take_pair (reader, key, value, g_strdup (value_name)))
            fail_on_variable (reader, key_name);
    }
}

/* 'a'\''b', as git quotes it, at *@at, which goes behind it. (transfer full) (nullable) */
static char *
read_quoted (const char **at)
{
    const char *p = *at;
    g_autoptr (GString) text = g_string_new (NULL);

    if (*p != '\'')
        return NULL;
    for (p++; *p != '\0'; p++) {
        if (*p != '\'') {
            g_string_append_c (text, *p);
        } else if (p[1] == '\\' && (p[2] == '\'' || p[2] == '!') && p[3] == '\'') {
            g_string_append_c (text, p[2]);
            p += 3;
        } else {
            *at = p + 1;
            return g_string_free (g_steal_pointer (&text), FALSE);
        }
    }
    return NULL;
}

/* 'key'='value', 'key'= (no value), or as before 2.31 'key=value'; FALSE: git fails. */
static gboolean
read_parameter (Reader *reader, const char **at)
{
    static const char name[] = "GIT_CONFIG_PARAMETERS";
    g_autofree char *key = read_quoted (at);
    g_autoptr (PrcWipedString) value = NULL;
    char *equals = key != NULL ? strchr (key, '=') : NULL;

    if (key == NULL)
        return FALSE;
    if (**at == '=') {
        ++*at;
        if (**at == '\'' && (value = read_quoted (at)) == NULL)
            return FALSE;
    } else if (equals != NULL) {
        *equals = '\0';
        value = g_strdup (equals + 1);
        g_strstrip (key);
    }
    return (**at == '\0' || g_ascii_isspace (**at)) &&
           take_pair (reader, key, value, g_strdup (name));
}

/* What `git -c` hands on to the programs that it starts. */
static void
read_parameters (Reader *reader)
{
    const char *at = g_environ_getenv (reader->query->place->env, "GIT_CONFIG_PARAMETERS");

    while (at != NULL && *at != '\0' && reader->failure == NULL) {
        if (!read_parameter (reader, &at))
            fail_on_variable (reader, "GIT_CONFIG_PARAMETERS");
        while (g_ascii_isspace (*at))
            at++;
    }
}

GPtrArray *
prc_git_config_read (const PrcRouteQuery *query, char **ret_failure, char **ret_variable)
{
    Reader reader = { .query = query, .entries = g_ptr_array_new_with_free_func (git_entry_free) };
    const char *given = prc_place_getenv (query->place, "GIT_DIR");

    if (query->dir != NULL)
        reader.git_dir = given != NULL ? g_canonicalize_filename (given, query->dir)
                                       : prc_git_find_repository (query->dir);
    read_common (&reader);
    read_repository (&reader);
    read_numbered (&reader);
    read_parameters (&reader);
    g_free (reader.git_dir);
    *ret_failure = reader.failure;
    *ret_variable = reader.variable;
    return reader.entries;
}

#include "app/running.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/proxy-url.h"
#include "model/secret-search.h"

/* What can be done about a program that can't be told anything else. */
typedef enum {
    KIND_OTHER,
    KIND_SHELL,
    KIND_FISH,
    KIND_CSH,
    KIND_TMUX,
    KIND_SYSTEMD,
} Kind;

static const struct {
    const char *name; /* as /proc/PID/comm begins */
    Kind kind;
} kinds[] = {
    { "bash", KIND_SHELL },      { "sh", KIND_SHELL },
    { "dash", KIND_SHELL },      { "zsh", KIND_SHELL },
    { "ksh", KIND_SHELL },       { "mksh", KIND_SHELL },
    { "ash", KIND_SHELL },       { "fish", KIND_FISH },
    { "tcsh", KIND_CSH },        { "csh", KIND_CSH },
    { "tmux", KIND_TMUX },       { "tmux: server", KIND_TMUX }, /* untranslated */
    { "systemd", KIND_SYSTEMD },
};

void
prc_running_row_free (PrcRunningRow *row)
{
    if (row == NULL)
        return;
    g_free (row->name);
    g_strfreev (row->variables);
    g_free (row->remedy);
    g_free (row);
}

static Kind
kind_of (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (strcmp (kinds[i].name, name) == 0)
            return kinds[i].kind;
    return KIND_OTHER;
}

static char *
remedy_for (const PrcRunningRow *row)
{
    g_autofree char *names = g_strjoinv (" ", row->variables);

    switch (kind_of (row->name)) {
    case KIND_SHELL:
        return g_strdup (_ ("in it, run: eval \"$(proxyrc env)\"; or end it"));
    case KIND_FISH:
        return g_strdup (_ ("in it, run: proxyrc env --shell fish | source; or end it"));
    case KIND_CSH:
        return g_strdup (_ ("in it, run: eval \"`proxyrc env --shell csh`\"; or end it"));
    case KIND_TMUX:
        return g_strdup_printf (
            _ ("its new windows inherit it; for each of %s run: tmux set-environment "
               "-gr NAME; or end it with: tmux kill-server"),
            names);
    case KIND_SYSTEMD:
        return g_strdup_printf (_ ("run: systemctl --user unset-environment %s; or log out and in"),
                                names);
    case KIND_OTHER:
    default:
        return g_strdup (_ ("restart it, from a shell that has the new one"));
    }
}

/* --- one process ------------------------------------------------------------------------------ */

static char *
read_proc (const char *pid, const char *name, gsize *ret_size)
{
    g_autofree char *path = g_strdup_printf ("/proc/%s/%s", pid, name);
    g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, path, NULL, NULL);
    gsize size = 0;
    const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
    char *copy = NULL;

    if (bytes == NULL)
        return NULL;
    copy = g_malloc (size + 1);
    if (size > 0)
        memcpy (copy, data, size);
    copy[size] = '\0';
    *ret_size = size;
    return copy;
}

/* Since when, in ticks after the machine's start: field 22 of /proc/PID/stat, counted from behind
 * the name, which may hold anything. */
static guint64
age_of (const char *pid)
{
    gsize size = 0;
    g_autofree char *stat = read_proc (pid, "stat", &size);
    g_autofree char *uptime = NULL;
    const char *field = stat != NULL ? strrchr (stat, ')') : NULL;
    double up, began;

    for (guint n = 0; field != NULL && n < 20; n++)
        field = strchr (field + 1, ' ');
    if (field == NULL || !g_file_get_contents ("/proc/uptime", &uptime, NULL, NULL))
        return 0;
    up = g_ascii_strtod (uptime, NULL);
    began = (double) g_ascii_strtoull (field, NULL, 10) / (double) MAX (sysconf (_SC_CLK_TCK), 1);
    return up > began ? (guint64) (up - began) : 0;
}

static gboolean
is_old (const PrcRunningQuery *query, const char *value)
{
    g_autoptr (PrcProxyUrl) url = NULL;
    PrcSecretHit hit = { 0 };

    if (strchr (value, '@') != NULL && query->current != NULL)
        url = prc_proxy_url_parse (value, &prc_url_dialect_lenient, NULL);
    if (url != NULL && url->password != NULL && g_strcmp0 (url->user, query->user) == 0 &&
        prc_profile_has_proxy (query->profile, url))
        return !prc_secret_equal (url->password, query->current);
    return query->searches != NULL &&
           prc_secret_searches_find (query->searches, value, strlen (value), 0, &hit);
}

/* (transfer full) (nullable): the names of the variables that hold an old password. */
static char **
old_variables (const PrcRunningQuery *query, const char *environment, gsize size)
{
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

    for (gsize at = 0; at < size; at += strlen (environment + at) + 1) {
        const char *row = environment + at, *equals = strchr (row, '=');
        g_autofree char *name = NULL;

        if (equals == NULL || equals == row || !is_old (query, equals + 1))
            continue;
        name = g_strndup (row, (gsize) (equals - row));
        g_ptr_array_add (names, prc_text_printable (name));
    }
    if (names->len == 0)
        return NULL;
    g_ptr_array_add (names, NULL);
    return (char **) g_ptr_array_steal (names, NULL);
}

/* The shell that calls us may have changed its variables since it was started: what it has given
 * us tells more than /proc. */
static char **
own_variables (const PrcSession *session, const PrcRunningQuery *query)
{
    const PrcPlace *place = prc_session_place (session);
    g_autoptr (GString) all = g_string_new (NULL);
    char **names;

    for (char **row = place->env; row != NULL && *row != NULL; row++)
        g_string_append_len (all, *row, (gssize) strlen (*row) + 1);
    names = old_variables (query, all->str, all->len);
    explicit_bzero (all->str, all->len);
    return names;
}

static PrcRunningRow *
row_of (const char *pid, char **variables)
{
    PrcRunningRow *row = g_new0 (PrcRunningRow, 1);
    gsize size = 0;
    g_autofree char *name = read_proc (pid, "comm", &size);

    if (name != NULL)
        g_strchomp (name);
    row->pid = atoi (pid);
    row->name = prc_text_printable (name != NULL ? name : "?");
    row->seconds = age_of (pid);
    row->variables = variables;
    row->remedy = remedy_for (row);
    return row;
}

static PrcRunningRow *
look_into (const PrcSession *session, const PrcRunningQuery *query, const char *pid)
{
    gboolean is_ours = atoi (pid) == getppid ();
    gsize size = 0;
    g_autoptr (PrcWipedString) environment = read_proc (pid, "environ", &size);
    g_auto (GStrv) variables = is_ours ? own_variables (session, query) : NULL;
    PrcRunningRow *row = NULL;

    if (variables == NULL && environment != NULL)
        variables = old_variables (query, environment, size);
    if (environment != NULL)
        explicit_bzero (environment, size);
    if (variables == NULL)
        return NULL;
    row = row_of (pid, g_steal_pointer (&variables));
    row->is_ours = is_ours;
    return row;
}

static gboolean
is_own_process (int proc_fd, const char *pid)
{
    struct stat st;

    return g_ascii_isdigit (*pid) && atoi (pid) != getpid () &&
           fstatat (proc_fd, pid, &st, 0) == 0 && st.st_uid == geteuid ();
}

static int
by_pid (gconstpointer a, gconstpointer b)
{
    return (*(const PrcRunningRow *const *) a)->pid - (*(const PrcRunningRow *const *) b)->pid;
}

GPtrArray *
prc_running_list (const PrcSession *session, const PrcRunningQuery *query)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_running_row_free);
    g_autoptr (GDir) proc = NULL;
    g_auto (PrcFd) proc_fd = -1;
    const char *pid = NULL;

    if (*prc_session_place (session)->root != '\0')
        return rows;
    proc = g_dir_open ("/proc", 0, NULL);
    proc_fd = prc_open_at (AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY, 0);
    while (proc != NULL && proc_fd >= 0 && (pid = g_dir_read_name (proc)) != NULL) {
        PrcRunningRow *row = is_own_process (proc_fd, pid) ? look_into (session, query, pid) : NULL;

        if (row != NULL)
            g_ptr_array_add (rows, row);
    }
    g_ptr_array_sort (rows, by_pid);
    return rows;
}

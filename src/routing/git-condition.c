/* includeIf "gitdir:…" and "onbranch:…", and the repository that they ask about. As config.c,
 * setup.c and wildmatch.c of git. */
#include "routing/git-config.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    gboolean ignore_case;
} Match;

static gboolean matches (const Match *m, const char *pattern, const char *text, const char *begin);

static gboolean
same (const Match *m, char a, char b)
{
    return a == b || (m->ignore_case && g_ascii_tolower (a) == g_ascii_tolower (b));
}

/* `*` stops at a slash; a `**` that is a segment of its own does not. */
static gboolean
star_matches (const Match *m, const char *pattern, const char *text, const char *begin)
{
    gboolean whole = pattern[1] == '*' && (pattern == begin || pattern[-1] == '/') &&
                     (pattern[2] == '\0' || pattern[2] == '/');
    const char *rest = pattern + strspn (pattern, "*");

    if (whole && *rest == '/' && matches (m, rest + 1, text, begin))
        return TRUE; /* no segment at all */
    for (const char *p = text;; p++) {
        if (matches (m, rest, p, begin))
            return TRUE;
        if (*p == '\0' || (*p == '/' && !whole))
            return FALSE;
    }
}

/* [abc], [a-z], [!a]; returns what is behind it, or NULL. */
static const char *
set_matches (const Match *m, const char *pattern, char c)
{
    gboolean negated = *pattern == '!' || *pattern == '^', found = FALSE, first = TRUE;

    pattern += negated;
    for (; *pattern != '\0' && (first || *pattern != ']'); pattern++, first = FALSE) {
        char low = *pattern;

        if (pattern[1] == '-' && pattern[2] != ']' && pattern[2] != '\0') {
            found = found || (c >= low && c <= pattern[2]);
            pattern += 2;
        } else {
            found = found || same (m, low, c);
        }
    }
    return *pattern == ']' && c != '/' && found != negated ? pattern + 1 : NULL;
}

static gboolean
matches (const Match *m, const char *pattern, const char *text, const char *begin)
{
    for (; *pattern != '\0'; pattern++, text++) {
        if (*pattern == '*')
            return star_matches (m, pattern, text, begin);
        if (*text == '\0')
            return FALSE;
        if (*pattern == '[') {
            const char *behind = set_matches (m, pattern + 1, *text);

            if (behind == NULL)
                return FALSE;
            pattern = behind - 1;
            continue;
        }
        if (*pattern == '?' && *text != '/')
            continue;
        if (*pattern == '\\' && pattern[1] != '\0')
            pattern++;
        if (!same (m, *pattern, *text))
            return FALSE;
    }
    return *text == '\0';
}

static gboolean
path_matches (const char *pattern, const char *path, gboolean ignore_case)
{
    const Match m = { ignore_case };

    return matches (&m, pattern, path, pattern);
}

/* The pattern as git completes it. */
static char *
complete_pattern (const char *pattern, const char *home, const char *file)
{
    const char *tail = g_str_has_suffix (pattern, "/") ? "**" : "";

    if (g_str_has_prefix (pattern, "~/")) {
        g_autofree char *real_home = realpath (home, NULL);

        return g_strconcat (real_home != NULL ? real_home : home, pattern + 1, tail, NULL);
    }
    if (g_str_has_prefix (pattern, "./")) {
        g_autofree char *real_file = realpath (file, NULL);
        g_autofree char *folder = g_path_get_dirname (real_file != NULL ? real_file : file);

        return g_strconcat (folder, pattern + 1, tail, NULL);
    }
    if (*pattern == '/')
        return g_strconcat (pattern, tail, NULL);
    return g_strconcat ("**/", pattern, tail, NULL);
}

static gboolean
git_dir_matches (const char *pattern, const char *git_dir, const char *home, const char *file,
                 gboolean ignore_case)
{
    g_autofree char *whole = NULL;
    g_autofree char *real = realpath (git_dir, NULL);

    if (file == NULL && g_str_has_prefix (pattern, "./"))
        return FALSE; /* beside no file */
    whole = complete_pattern (pattern, home, file);
    return (real != NULL && path_matches (whole, real, ignore_case)) ||
           path_matches (whole, git_dir, ignore_case);
}

static gboolean
branch_matches (const char *pattern, const char *git_dir)
{
    g_autofree char *head = g_build_filename (git_dir, "HEAD", NULL);
    g_autofree char *text = NULL;
    g_autofree char *whole = NULL;

    if (!g_file_get_contents (head, &text, NULL, NULL) ||
        !g_str_has_prefix (text, "ref: refs/heads/"))
        return FALSE;
    g_strchomp (text);
    whole = g_strconcat (pattern, g_str_has_suffix (pattern, "/") ? "**" : "", NULL);
    return path_matches (whole, text + strlen ("ref: refs/heads/"), FALSE); /* untranslated: git */
}

int
prc_git_condition (const char *condition, const char *git_dir, const char *home, const char *file)
{
    const char *colon = strchr (condition, ':');
    const char *pattern = colon != NULL ? colon + 1 : "";

    if (g_str_has_prefix (condition, "gitdir:"))
        return git_dir != NULL && git_dir_matches (pattern, git_dir, home, file, FALSE);
    if (g_str_has_prefix (condition, "gitdir/i:"))
        return git_dir != NULL && git_dir_matches (pattern, git_dir, home, file, TRUE);
    if (g_str_has_prefix (condition, "onbranch:"))
        return git_dir != NULL && branch_matches (pattern, git_dir);
    if (g_str_has_prefix (condition, "hasconfig:"))
        return -1;
    return 0; /* git takes no notice of conditions that it does not know */
}

static gboolean
is_git_dir (const char *path)
{
    static const char *const parts[] = { "HEAD", "objects", "refs" };

    for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
        g_autofree char *part = g_build_filename (path, parts[i], NULL);

        if (!g_file_test (part, G_FILE_TEST_EXISTS))
            return FALSE;
    }
    return TRUE;
}

/* `.git` may be a file that says where the directory is. */
static char *
follow_git_file (const char *path, const char *folder)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents (path, &text, NULL, NULL) || !g_str_has_prefix (text, "gitdir: "))
        return NULL;
    g_strchomp (text);
    return g_canonicalize_filename (text + strlen ("gitdir: "), folder);
}

char *
prc_git_find_repository (const char *dir)
{
    g_autofree char *folder = g_canonicalize_filename (dir, NULL);

    for (;;) {
        g_autofree char *path = g_build_filename (folder, ".git", NULL);
        char *parent = NULL;

        if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
            return follow_git_file (path, folder);
        if (is_git_dir (path))
            return g_steal_pointer (&path);
        if (is_git_dir (folder))
            return g_steal_pointer (&folder);
        if (strcmp (folder, "/") == 0)
            return NULL;
        parent = g_path_get_dirname (folder);
        g_free (folder);
        folder = parent;
    }
}

/* git-url.h - git's rules for http.<url>.…: whether one is about a URL, and which of two fits
 * better */
#pragma once
#include <glib.h>

/** PrcGitUrl: a URL cut into parts, each in git's normal form. */
typedef struct {
    char *scheme;
    char *user; /* (nullable): without the password */
    char *host;
    char *port; /* "" for the scheme's own */
    char *path; /* from the '/' on, with query and fragment */
} PrcGitUrl;

void prc_git_url_clear (PrcGitUrl *url);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcGitUrl, prc_git_url_clear)

/** prc_git_url_read: FALSE: git can't. @globs: '*' may stand in the host. */
gboolean prc_git_url_read (const char *text, gboolean globs, PrcGitUrl *ret_url);

/** PrcGitMatch: the better one has the longer host, then the longer path, then a user. */
typedef struct {
    gsize host_length, path_length;
    gboolean has_user;
} PrcGitMatch;

gboolean prc_git_url_match (const PrcGitUrl *url, const PrcGitUrl *pattern, PrcGitMatch *ret_match);
/** prc_git_match_compare: below 0 when @a is worse than @b. */
int prc_git_match_compare (const PrcGitMatch *a, const PrcGitMatch *b);

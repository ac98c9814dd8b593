/* head.h - the head of an HTTP answer, line by line, from a peer that may send anything without end
 */
#pragma once
#include <glib.h>

/** What is taken of one answer's heads, all together; more is no proxy's answer. */
#define PRC_HEAD_BYTES_MAX (256u * 1024u)
#define PRC_HEAD_LINES_MAX 2000u

typedef enum {
    PRC_HEAD_MORE,      /* goes on */
    PRC_HEAD_END,       /* a head is whole; another may follow */
    PRC_HEAD_NOT_HTTP,  /* what came where a status line should be is in @first_line */
    PRC_HEAD_TOO_LARGE, /* endless */
} PrcHeadState;

/** PrcHead: the last head. Strings are (nullable), short, and fit for a terminal. */
typedef struct {
    int status;             /* 0: none yet */
    char *reason;           /* what follows the number */
    char *first_line;       /* of what is not HTTP */
    GPtrArray *challenges;  /* of PrcChallenge, from Proxy-Authenticate */
    gboolean has_challenge; /* some Proxy-Authenticate line was there, readable or not */
    char *site_realm;       /* of the first challenge of WWW-Authenticate; "" without one */
    char *location, *server;
    gboolean is_html;  /* Content-Type is HTML */
    gboolean by_proxy; /* Via, X-Cache or the like: a proxy has handled it */
    gboolean is_stale; /* Proxy-Authenticate has stale=true */
    /* private */
    gboolean in_head;
    GString *pending; /* a header line that the next one may continue */
    gsize n_bytes;
    guint n_lines;
} PrcHead;

/** prc_head_init, prc_head_clear: an embedded one. */
void prc_head_init (PrcHead *head);
void prc_head_clear (PrcHead *head);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcHead, prc_head_clear)

/** prc_head_line: @line with or without its CR and LF; any bytes. Not to be called after one of the
 * last two. */
PrcHeadState prc_head_line (PrcHead *head, const char *line, gsize length);

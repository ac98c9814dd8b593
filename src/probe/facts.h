/* facts.h - what the helper tells of its exchanges: little, bounded, and read as if the helper were
 * hostile
 *
 * One JSON object a line, so that what is known when the time is over is not lost:
 * {"sending":"basic"} before a credential goes out, one object for each exchange, {"end":true} at
 * last. */
#pragma once
#include <glib.h>

#include "model/verdict.h"

/** What is read of the helper at most, in bytes. */
#define PRC_FACTS_BYTES_MAX (64u * 1024u)
/** The longest text in it, in bytes. */
#define PRC_FACTS_TEXT_MAX 600u

/** PrcFailure: why there was no answer, or none that is good for anything. */
typedef enum {
    PRC_FAILURE_NONE,
    PRC_FAILURE_RESOLVE_PROXY,
    PRC_FAILURE_RESOLVE_SITE, /* where the name is looked up here: socks4, socks5 */
    PRC_FAILURE_CONNECT,
    PRC_FAILURE_TIMEOUT,
    PRC_FAILURE_PROXY_NOT_TLS, /* the handshake with the proxy failed: it speaks something else */
    PRC_FAILURE_PROXY_CERTIFICATE, /* the proxy's certificate is not trusted */
    PRC_FAILURE_CLOSED,            /* before a whole answer */
    PRC_FAILURE_NOT_HTTP,
    PRC_FAILURE_WANTS_TLS, /* it answers as a TLS server does, and was spoken to without TLS */
    PRC_FAILURE_TOO_LARGE,
    PRC_FAILURE_SITE_CERTIFICATE, /* through the tunnel: the certificate is not trusted */
    PRC_FAILURE_SITE_NOT_TLS,     /* through the tunnel: no TLS */
    PRC_FAILURE_SITE_TLS,         /* through the tunnel: the handshake failed, TLS it was */
    PRC_FAILURE_SITE_CLOSED,      /* through the tunnel: closed in the handshake */
    PRC_FAILURE_SOCKS_AUTH,       /* SOCKS: it wants a user and password, or refused the method */
    PRC_FAILURE_SOCKS_REJECTED,   /* SOCKS: user and password were refused */
    PRC_FAILURE_SOCKS_DENIED,     /* SOCKS: a rule forbids the target */
    PRC_FAILURE_SOCKS_TARGET,     /* SOCKS: the target can't be reached */
    PRC_FAILURE_SOCKS_BAD,        /* SOCKS: not its language */
    PRC_FAILURE_OTHER,
} PrcFailure;
#define PRC_N_FAILURES (PRC_FAILURE_OTHER + 1)

/** PrcExchange: one. Strings are (nullable) and fit for a terminal. */
typedef struct {
    PrcFailure failure;
    int status;      /* of the proxy's answer (of the site's, too, for http://); 0: none */
    int site_status; /* of the site's answer in the tunnel; 0: none */
    gboolean sent;   /* a credential went out */
    char *scheme;    /* the one that was tried: "basic", … */
    char *text;      /* what explains @failure, from the library or the peer */
    char *reason, *server, *location, *site_realm;
    char *issuer; /* of a certificate that is not trusted */
    gboolean is_html, by_proxy, has_challenge;
    GPtrArray *offers; /* of PrcOffer */
    guint usable;      /* set of 1 << PrcAuthScheme: those of them that can be answered */
} PrcExchange;

PrcExchange *prc_exchange_new (void);
void prc_exchange_free (PrcExchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcExchange, prc_exchange_free)

/** PrcFacts: all that is known. */
typedef struct {
    GPtrArray *exchanges; /* of PrcExchange: the first is without a credential */
    char *sending; /* (nullable): the scheme that a credential is being sent with, without an answer
                      yet */
    gboolean is_complete; /* the helper has come to its end */
    gboolean timed_out;   /* the helper was ended at the deadline */
    gboolean is_broken;   /* the helper died over what the proxy has sent */
    guint elapsed_ms;
} PrcFacts;

PrcFacts *prc_facts_new (void);
void prc_facts_free (PrcFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcFacts, prc_facts_free)

/** prc_facts_format_…: (transfer full): one line with its '\n'. Texts that are too long are cut. */
char *prc_facts_format_exchange (const PrcExchange *exchange);
char *prc_facts_format_sending (const char *scheme);
char *prc_facts_format_end (void);

/**
 * prc_facts_parse_line: takes one whole line without its '\n'.
 * @error: #PRC_ERROR_INPUT for everything that prc_facts_format_…() could not have made
 */
gboolean prc_facts_parse_line (PrcFacts *facts, const char *line, gsize length, GError **error);

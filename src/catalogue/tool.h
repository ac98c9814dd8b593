/* tool.h - one tool of the catalogue: where its files are, which keys play which role, what it can
 * do
 *
 * Everything here is read from a data file (share/tools.d/NAME.cfg, proxyrc-tools(5)); a new tool
 * is a new data file. All is immutable after loading. */
#pragma once
#include <glib.h>

#include "formats/format.h"
#include "model/no-proxy.h"
#include "model/proxy-url.h"
#include "model/role.h"

/** PrcWriteRule: what writing a profile does with a key. */
typedef enum {
    PRC_WRITE_ALWAYS,  /* gets the profile's value; goes when the profile has none */
    PRC_WRITE_PRESENT, /* the same, but only where it stands already */
    PRC_WRITE_SAME,   /* where it names the profile's proxy, it gets the profile's value; another is
                         left */
    PRC_WRITE_REMOVE, /* would beat or double the others: goes */
    PRC_WRITE_NEVER,  /* is shown, and left */
} PrcWriteRule;

/** PrcToolKey: one key, or a pattern of keys ('*' stands for any text). */
typedef struct {
    char *key;
    PrcRole role;
    PrcWriteRule write;
    char *dead; /* (nullable): the tool has no such key; why people write it, and what counts
                   instead */
    char *flag; /* (nullable): for a key without a value (curl's --proxy-ntlm): the auth scheme that
                   it means */
    char **names; /* (nullable): "scheme=text" pairs: how auth schemes are written, if not as
                     themselves */
    char *of; /* (nullable): env: a variable that only this tool reads; it gets a value of its own
                 where the tool can't use the shared ones */
    char *scheme;     /* (nullable): proxy scheme of a value without one, if not the tool's (curl:
                         socks5) */
    char *only_for;   /* (nullable): proxy scheme without which the key means nothing */
    gboolean percent; /* user and password, apart from a URL, are read percent-encoded all the same
                         (curl's proxy-user) */
} PrcToolKey;

/** PrcToolFile: one place where the tool looks. Paths are templates, see place.h. */
typedef struct {
    PrcScope scope;
    const PrcFormat *format;
    char *path; /* system and user scope */
    char *name; /* project scope: what `scan` looks for: a base name, or DIR/NAME */
    char
        *shell; /* (nullable): env: whose start-up file it is: "bash", "zsh", "fish", "csh", "sh" */
    char *when; /* (nullable): env: "login", "interactive", "always": when the shell reads it */
    char **if_set;       /* (nullable): only if all of these variables are set and not empty */
    char **if_unset;     /* (nullable): only if none of these variables is set and not empty */
    char **unless_file;  /* (nullable): not if one of these variables names a file that exists */
    guint since, before; /* PRC_TOOL_VERSION: only versions from … and older than …; 0: any */
    char *moves;        /* (nullable): env: a variable that this file may set, and that the paths of
                           those after it start from: ZDOTDIR */
    gboolean first;     /* of the files marked so, only the first that exists is read */
    gboolean create;    /* where settings go when the tool has no file yet */
    gboolean generated; /* env: our own file, written whole, read by a line in `start` files */
    gboolean start;     /* env: a start-up file that may get that line */
    gboolean
        transient; /* comes and goes with the shell (a virtualenv): never chosen for new settings */
    gboolean for_all; /* read by all users: never gets a secret unasked */
} PrcToolFile;

typedef enum {
    PRC_NO_PROXY_ENVIRONMENT, /* from the environment, for every proxy (git, wget) */
    PRC_NO_PROXY_OWN,         /* its own key, and the environment's where it has none, or both */
    PRC_NO_PROXY_ENVIRONMENT_ONLY, /* from the environment, and only for proxies from there (pip) */
} PrcNoProxySource;

typedef enum {
    PRC_VERSION_NONE,
    PRC_VERSION_LIBCURL, /* "libcurl/X.Y.Z" or "curl/X.Y.Z" inside a program or library */
    PRC_VERSION_NPM,     /* package.json beside the program */
    PRC_VERSION_PIP,     /* pip-X.Y.Z.dist-info */
} PrcVersionKind;

/** PrcReferenceKind: what a tool's file can hold instead of the credential. */
typedef enum {
    PRC_REFERENCE_NONE,
    PRC_REFERENCE_ENVIRONMENT, /* nothing: the tool takes all from the environment */
    PRC_REFERENCE_EVALUATE,    /* a command whose output the shell evaluates */
    PRC_REFERENCE_HELPER,      /* the user, and a command that the tool asks for the password */
} PrcReferenceKind;

typedef struct {
    char *name;
    char *program; /* (nullable): in PATH when installed; NULL: always there (env) */
    char *summary;
    char *origin;       /* the data file */
    int order;          /* where it stands in lists */
    gboolean writes;    /* profiles are written to it; FALSE: read for now (wget) */
    gboolean inherits;  /* without a proxy of its own it takes the environment's */
    gboolean one_proxy; /* one key serves http and https: it can't hold two different proxies */
    PrcUrlDialect url;  /* decodes_twice is for the writer to fill in, by the version below */
    guint decodes_twice_before; /* PRC_TOOL_VERSION of its libcurl from which it no longer does; 0:
                                   never did */
    PrcNoProxyDialect no_proxy;
    PrcNoProxySource no_proxy_source;
    char **auth;        /* schemes that it can do: "basic", … */
    char *auth_default; /* (nullable): what it does unless told: NULL: Basic; "any": it chooses, and
                           never falls back from Negotiate */
    char **placements;  /* "inline", "reference" */
    char *include_key;  /* (nullable): git: the key that reads another file */
    char *include_path; /* (nullable): the 0600 file for a secret that may not go into a tracked one
                         */
    PrcReferenceKind reference_kind; /* see reference.h */
    char *reference_key;             /* (nullable): takes the command; may hold ${proxy} */
    char *reference_command;         /* (nullable): a template */
    PrcVersionKind version_kind;
    char **version_of;        /* programs or libraries to look into */
    gboolean version_grammar; /* how its files are read depends on the version */
    GPtrArray *keys;          /* of PrcToolKey */
    GPtrArray *files;         /* of PrcToolFile, in rising precedence */
} PrcTool;

/** prc_tool_new: (transfer full): with empty lists; for the catalogue's reader. */
PrcTool *prc_tool_new (void);
void prc_tool_free (PrcTool *tool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcTool, prc_tool_free)

/** prc_tool_find_key: (nullable) (transfer none): the row that @key plays, exact rows before
 * patterns. */
const PrcToolKey *prc_tool_find_key (const PrcTool *tool, const char *key);
/** prc_tool_key_is_pattern: the row stands for many keys. */
gboolean prc_tool_key_is_pattern (const PrcToolKey *row);
/** prc_tool_can_auth: a profile's @auth (nullable: whatever the two agree on, as "any") is among
 * what @tool can do. */
gboolean prc_tool_can_auth (const PrcTool *tool, const char *auth);
/** prc_tool_auth_text: (nullable) (transfer none): how @scheme is written in @row; NULL: it can't
 * be. */
const char *prc_tool_auth_text (const PrcToolKey *row, const char *scheme);

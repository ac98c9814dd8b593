/* left-places.h - files outside the catalogue in which passwords of proxies are known to end up */
#pragma once
#include "app/left-history.h"

typedef enum {
    PRC_LEFT_SETTING, /* a tool reads it there */
    PRC_LEFT_DYNAMIC, /* shell code makes something of it */
    PRC_LEFT_COMMENT,
    PRC_LEFT_CREDENTIALS, /* what a credential helper or a library looks up */
    PRC_LEFT_CONFIG,      /* a program's that proxyrc doesn't know to write */
    PRC_LEFT_HISTORY,
    PRC_LEFT_LOG,
    PRC_LEFT_COPY,   /* a backup, an editor's */
    PRC_LEFT_UNREAD, /* it could not be searched */
} PrcLeftKind;

/** prc_left_kind_name: "setting", "dynamic", "comment", … */
const char *prc_left_kind_name (PrcLeftKind kind);
/** prc_left_kind_is_live: something may still send what it says. */
gboolean prc_left_kind_is_live (PrcLeftKind kind);

typedef struct {
    const char *path; /* a template, see catalogue/place.h */
    PrcLeftKind kind;
    PrcTypedShape shape; /* of PRC_LEFT_HISTORY; PRC_TYPED_URLS is renewed */
    gboolean keep;       /* not to be scrubbed: a program would miss it, or lines are no entries */
    const char *remedy;  /* untranslated */
} PrcLeftPlace;

/** prc_left_places: (array length=ret_n) */
const PrcLeftPlace *prc_left_places (gsize *ret_n);

/** prc_left_is_copy: @name is what an editor, a package manager or a person calls a copy of @base.
 */
gboolean prc_left_is_copy (const char *base, const char *name, gboolean *ret_keep);

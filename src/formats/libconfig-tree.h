/* libconfig-tree.h - a libconfig file as a tree of settings with their byte ranges
 *
 * The grammar is that of libconfig 1.5 and its successors; where they differ, the version decides:
 * before 1.7 no comma may stand behind the last element of a list, integers wrap at 32 bits, and
 * \x00 in a string is dropped instead of ending it. */
#pragma once
#include <glib.h>

typedef enum {
    PRC_CFG_BOOL,
    PRC_CFG_INT,
    PRC_CFG_INT64,
    PRC_CFG_FLOAT,
    PRC_CFG_STRING,
    PRC_CFG_ARRAY,
    PRC_CFG_LIST,
    PRC_CFG_GROUP,
    PRC_CFG_INCLUDE, /* @include "file", where a setting could stand */
} PrcCfgType;

#define PRC_CFG_NONE ((gsize) -1)

/** PrcCfgNode: a setting, or an element of a list or array. */
typedef struct _PrcCfgNode PrcCfgNode;
struct _PrcCfgNode {
    PrcCfgType type;
    PrcCfgNode *parent;  /* NULL: the file itself, a group without braces */
    GPtrArray *children; /* (nullable) (element-type PrcCfgNode) */
    char *name;          /* NULL: an element */
    char *text;          /* a scalar's value: decimal numbers, true or false; NULL otherwise */
    guint line;          /* 1-based */
    gsize prev_end;      /* end of the token before it */
    gsize start;         /* of the name; of the value if it has none */
    gsize value_start, value_end;
    gsize end;          /* behind its terminator, or the comma behind an element */
    gsize comma_before; /* offset of the comma before an element, or #PRC_CFG_NONE */
};

void prc_cfg_node_free (PrcCfgNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcCfgNode, prc_cfg_node_free)

/**
 * prc_cfg_parse:
 * @version: PRC_TOOL_VERSION() of libconfig; 0: unknown, what any version rejects is rejected
 * @ret_limit: (out): where the last token ends that libconfig understands: it takes a comment or
 *   string that is never closed for the end of the file
 * @error: "LINE: what is wrong"
 *
 * Returns: (transfer full) (nullable): the file as a group
 */
PrcCfgNode *prc_cfg_parse (const char *data, gsize size, guint version, gsize *ret_limit,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_cfg_child: (nullable) (transfer none): of a group by name, of a list by index. */
PrcCfgNode *prc_cfg_child (const PrcCfgNode *node, const char *name);

/** prc_cfg_type_of_text: the type that @text has when it stands in a file without quotes, or
 * #PRC_CFG_STRING when it has none, or would be read as another number. */
PrcCfgType prc_cfg_type_of_text (const char *text);

/** prc_cfg_is_name: whether a setting may have this name. */
gboolean prc_cfg_is_name (const char *text);

/* wget-commands.h - the commands of a .wgetrc, as GNU Wget 1.21.3 knows them
 *
 * Taken from the program: the words in the binary, each tried as a line of a file with the values
 * "zz", "5", "on" and nothing; the spelling with '_' is that of the manual and of `wget --help`. */
#pragma once
#include <glib.h>

typedef enum {
    PRC_WGET_TEXT,    /* any value */
    PRC_WGET_BOOLEAN, /* on, off, yes, no, 1, 0 */
    PRC_WGET_TIME,    /* a number, and one of s m h d w */
    PRC_WGET_SIZE,    /* a number, and one of k m g t; or inf */
    PRC_WGET_CHECKED, /* refuses some values, by rules that are not kept here */
    PRC_WGET_LIST,    /* each line adds to those before; an empty one takes them back */
} PrcWgetKind;

typedef struct {
    const char *bare; /* without '_' and '-', lower case */
    const char *name;
    PrcWgetKind kind;
} PrcWgetCommand;

/** prc_wget_command: (nullable): @name in any case, with '-' and '_' wherever they are. */
const PrcWgetCommand *prc_wget_command (const char *name, gsize length);

/** prc_wget_value_ok: FALSE when wget is sure to refuse @value, and with it the file. */
gboolean prc_wget_value_ok (const PrcWgetCommand *command, const char *value);

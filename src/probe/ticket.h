/* ticket.h - whether a file of Kerberos tickets can be read at all */
#pragma once
#include <glib.h>

/**
 * prc_ticket_file: (transfer full) (nullable): the file or folder that @name, a KRB5CCNAME, or NULL
 * for the usual one, stands for: "FILE:/tmp/krb5cc_0", "DIR:/run/user/0/krb5cc",
 * "DIR::/run/user/0/krb5cc/tkt", or a path. Others are no files: NULL.
 */
char *prc_ticket_file (const char *name);

/**
 * prc_ticket_is_sound: FALSE for a file that ends, or makes no sense, before it says whose tickets
 * it holds
 *
 * MIT's library, as of 1.20, frees a pointer that it never set when it comes across such a file: a
 * Negotiate that should only have failed ends the process. What is not there, or no file, is sound.
 */
gboolean prc_ticket_is_sound (const char *name);

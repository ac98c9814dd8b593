/* attributes.h - owner, ACL and extended attributes of a file, as one opaque value */
#pragma once
#include <glib.h>

/** prc_attributes_read: of the open file; %NULL with @error, which begins with @path. */
GBytes *prc_attributes_read (int fd, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_attributes_give: makes the owner, ACL and extended attributes of @fd these; a mode is to be
 * set afterwards. Nothing is called that would change nothing, so that it works without privileges
 * where it can. Fails with #PRC_ERROR_WRITE when one can't be kept.
 */
gboolean prc_attributes_give (int fd, GBytes *attributes, const char *path, GError **error);

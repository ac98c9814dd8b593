/* check-request.h - what a check is to do, made whole from profile, store and what was said */
#pragma once
#include "app/check.h"
#include "app/profiles.h"
#include "probe/request.h"

/**
 * prc_check_make_request:
 * @ret_auth: (out) (nullable) (transfer full): the scheme that the profile, or @request, wants
 * @error: as prc_check_start()
 * Returns: (transfer full) (nullable)
 */
PrcProbeRequest *prc_check_make_request (PrcSession *session, const PrcCheckRequest *request,
                                         char **ret_auth, GError **error);

/**
 * prc_check_read_ca: (transfer full) (nullable): certificates in PEM.
 * @error: #PRC_ERROR_INPUT: @path can't be read, or there are none in it
 */
GBytes *prc_check_read_ca (const char *path, GError **error);

/** prc_check_target_for: (transfer full): a target by which the profile's proxy for @role can be
 * tried. */
char *prc_check_target_for (const PrcProfile *profile, PrcRole role);

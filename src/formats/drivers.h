/* drivers.h - the drivers, one per grammar, for registry.c */
#pragma once
#include "formats/format.h"

extern const PrcFormat prc_format_pipconf;
extern const PrcFormat prc_format_curlrc;
extern const PrcFormat prc_format_wgetrc;
extern const PrcFormat prc_format_dotenv;
extern const PrcFormat prc_format_libconfig;
extern const PrcFormat prc_format_gitconfig;
extern const PrcFormat prc_format_npmrc;
extern const PrcFormat prc_format_sh;
extern const PrcFormat prc_format_bash;
extern const PrcFormat prc_format_zsh;
extern const PrcFormat prc_format_pam_env;
extern const PrcFormat prc_format_environment_d;
extern const PrcFormat prc_format_fish;
extern const PrcFormat prc_format_fish_variables;
extern const PrcFormat prc_format_csh;

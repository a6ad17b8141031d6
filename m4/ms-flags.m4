dnl SPDX-License-Identifier: LGPL-2.1-or-later

dnl MS_TRY_LINK(FLAGS, [IF-ACCEPTED], [IF-NOT]): a program, warnings fatal
AC_DEFUN([MS_TRY_LINK], [
	AC_MSG_CHECKING([whether $CC accepts $1])
	ms_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $1 -Werror"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[CFLAGS=$ms_save_CFLAGS
		AC_MSG_RESULT([yes])
		$2],
		[CFLAGS=$ms_save_CFLAGS
		AC_MSG_RESULT([no])
		$3])
])

dnl MS_ADD_CFLAGS(VARIABLE, FLAGS): those that the compiler knows
AC_DEFUN([MS_ADD_CFLAGS], [
	for ms_flag in $2; do
		AC_MSG_CHECKING([whether $CC accepts $ms_flag])
		ms_save_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS $ms_flag -Werror"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
			[AC_MSG_RESULT([yes])
			AS_VAR_APPEND([$1], [" $ms_flag"])],
			[AC_MSG_RESULT([no])])
		CFLAGS=$ms_save_CFLAGS
	done
])

dnl MS_ADD_LDFLAGS(VARIABLE, FLAGS): those that the linker knows
AC_DEFUN([MS_ADD_LDFLAGS], [
	for ms_flag in $2; do
		AC_MSG_CHECKING([whether the linker accepts $ms_flag])
		ms_save_LDFLAGS=$LDFLAGS
		LDFLAGS="$LDFLAGS $ms_flag"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
			[AC_MSG_RESULT([yes])
			AS_VAR_APPEND([$1], [" $ms_flag"])],
			[AC_MSG_RESULT([no])])
		LDFLAGS=$ms_save_LDFLAGS
	done
])

dnl MS_FORTIFY(VARIABLE): the highest level that compiles without a warning
AC_DEFUN([MS_FORTIFY], [
	AC_MSG_CHECKING([for the highest level of _FORTIFY_SOURCE])
	ms_save_CPPFLAGS=$CPPFLAGS
	ms_save_CFLAGS=$CFLAGS
	ms_fortify=none
	for ms_level in 3 2; do
		CPPFLAGS="$ms_save_CPPFLAGS -U_FORTIFY_SOURCE"
		CPPFLAGS="$CPPFLAGS -D_FORTIFY_SOURCE=$ms_level"
		CFLAGS="$ms_save_CFLAGS -Werror"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [])],
			[ms_fortify=$ms_level
			$1="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$ms_level"])
		test $ms_fortify = none || break
	done
	CPPFLAGS=$ms_save_CPPFLAGS
	CFLAGS=$ms_save_CFLAGS
	AC_MSG_RESULT([$ms_fortify])
])

dnl MS_C11: what AC_PROG_CC of old releases does not ask for
AC_DEFUN([MS_C11], [
	AC_MSG_CHECKING([for the option to accept C11])
	ms_c11=unsupported
	ms_save_CC=$CC
	for ms_flag in "" -std=gnu11; do
		CC="$ms_save_CC $ms_flag"
		AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined __STDC_VERSION__ || __STDC_VERSION__ < 201112L
#error C11 needed
#endif
_Static_assert(sizeof(long long) >= 8, "");
]])], [ms_c11=${ms_flag:-none needed}])
		test "$ms_c11" = unsupported || break
	done
	AC_MSG_RESULT([$ms_c11])
	AS_CASE(["$ms_c11"],
		[unsupported], [AC_MSG_ERROR([a C11 compiler is needed])],
		["none needed"], [CC=$ms_save_CC])
])

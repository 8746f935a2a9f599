# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors
# How a chosen part becomes objects, and objects an image.

# What debug information calls a file does not depend on where the tree and the cell lie,
# nor on the compiler cache, which says `..` for the cell. The last that fits counts.
set(ATOLL_PREFIXES
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${ATOLL_CELL_DIR}=.
  -ffile-prefix-map=${CMAKE_BINARY_DIR}=. -ffile-prefix-map=../generated=./generated)

# A host program that defines the Linux macros must not leak into an image.
set(ATOLL_COMMON_OPTIONS
  -nostdinc -g ${ATOLL_OPTIMIZE} -pipe
  -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -U__unix__ -U__unix -Uunix
  -ffunction-sections -fdata-sections -fno-common -fPIE -fvisibility=hidden
  -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-omit-frame-pointer
  ${ATOLL_STACK_PROTECTOR} ${ATOLL_CONTROL_FLOW} ${ATOLL_PREFIXES})
# Clang rejects the option for x86_64 on libstdc++'s mention of long double; it
# compiles to check our sources, GCC builds what boots.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(ATOLL_KERNEL_OPTIONS "")
else()
  set(ATOLL_KERNEL_OPTIONS -mgeneral-regs-only)
endif()
set(ATOLL_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Wundef ${ATOLL_STRICT})
set(ATOLL_CXX_OPTIONS -fno-exceptions -fno-rtti -fno-threadsafe-statics -nostdinc++)
# With the whole C++ library; exceptions pass through functions in C.
set(ATOLL_WHOLE_CXX_OPTIONS -nostdinc++)
set(ATOLL_UNWIND_OPTIONS -fexceptions -funwind-tables -fasynchronous-unwind-tables)

if(ATOLL_ARCH STREQUAL "x86_64")
  list(APPEND ATOLL_COMMON_OPTIONS -m64 -mno-red-zone)
else()
  list(APPEND ATOLL_COMMON_OPTIONS -mno-outline-atomics)
  if(ATOLL_TINY_CODE)
    list(APPEND ATOLL_COMMON_OPTIONS -mcmodel=tiny)
  endif()
endif()

if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # A frame of more than a page touches each of its pages: none jumps over a guard.
  list(APPEND ATOLL_COMMON_OPTIONS -fstack-clash-protection)
  if(ATOLL_ARCH STREQUAL "arm64")
    list(APPEND ATOLL_COMMON_OPTIONS --param=stack-clash-protection-guard-size=12)
  endif()
endif()

set(ATOLL_FREESTANDING "${CMAKE_SOURCE_DIR}/support/freestanding/include")
set(ATOLL_LIBSTDCXX "${CMAKE_SOURCE_DIR}/support/libstdcxx/include")

# A module of the tools, as a command.
set(ATOLL_TOOL ${CMAKE_COMMAND} -E env PYTHONPATH=${ATOLL_SUPPORT} PYTHONDONTWRITEBYTECODE=1
  ${ATOLL_PYTHON} -m atoll)

# Compiles one part. KIND is interface, library, app or generated; FLAVOUR is
# kernel (freestanding), libc (against the chosen libc's headers) or libcxx (that, and the
# whole C++ library's in CXX_INCLUDES).
function(atoll_part)
  cmake_parse_arguments(PART "" "NAME;KIND;FLAVOUR"
    "SOURCES;INCLUDES;SYSTEM_INCLUDES;LIBC_INCLUDES;CXX_INCLUDES;COMPILE_OPTIONS" ${ARGN})
  set(target "${PART_KIND}_${PART_NAME}")
  add_library(${target} OBJECT ${PART_SOURCES})
  set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "${ATOLL_LAUNCHER}"
    CXX_COMPILER_LAUNCHER "${ATOLL_LAUNCHER}")
  set(options ${ATOLL_COMMON_OPTIONS} ${ATOLL_WARNINGS})
  if(PART_FLAVOUR STREQUAL "kernel")
    list(APPEND options ${ATOLL_KERNEL_OPTIONS})
    set(c_includes "${ATOLL_FREESTANDING}")
  else()
    set(c_includes ${PART_LIBC_INCLUDES})
  endif()
  set(cxx_options ${ATOLL_CXX_OPTIONS})
  if(PART_FLAVOUR STREQUAL "libcxx")
    list(APPEND options ${ATOLL_UNWIND_OPTIONS})
    set(cxx_options ${ATOLL_WHOLE_CXX_OPTIONS})
  endif()
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:C,CXX>:${options}>"
    "$<$<COMPILE_LANGUAGE:CXX>:${cxx_options}>"
    "$<$<COMPILE_LANGUAGE:ASM>:-nostdinc;-g;${ATOLL_CONTROL_FLOW};${ATOLL_PREFIXES}>"
    "$<$<COMPILE_LANGUAGE:C,CXX>:${PART_COMPILE_OPTIONS}>")
  target_include_directories(${target} PRIVATE ${PART_INCLUDES})
  # By its place relative to the folder that the compiler runs in, so that what it
  # says is the same in every cell where it does the same.
  target_compile_options(${target} PRIVATE -I../generated/include)
  # libstdc++ lies between its C headers and the compiler's own. Not for C: its
  # <stdatomic.h> hides the libc's and declares nothing there.
  set(cxx ${ATOLL_LIBSTDCXX} ${ATOLL_CXX_INCLUDES} ${PART_CXX_INCLUDES})
  set(system ${PART_SYSTEM_INCLUDES})
  if(PART_FLAVOUR STREQUAL "kernel")
    list(APPEND system ${ATOLL_LIBSTDCXX} ${c_includes} ${ATOLL_CXX_INCLUDES})
  elseif(PART_FLAVOUR STREQUAL "libcxx")
    list(APPEND system ${PART_CXX_INCLUDES} ${c_includes})
  else()
    list(APPEND system ${ATOLL_LIBSTDCXX} ${ATOLL_CXX_INCLUDES} ${c_includes})
  endif()
  foreach(folder IN LISTS system)
    if(folder IN_LIST cxx)
      target_compile_options(${target} PRIVATE
        "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-isystem ${folder}>")
    else()
      target_compile_options(${target} PRIVATE "SHELL:-isystem ${folder}")
    endif()
  endforeach()
  foreach(folder IN LISTS ATOLL_COMPILER_INCLUDES)
    target_compile_options(${target} PRIVATE "SHELL:-idirafter ${folder}")
  endforeach()
  set_property(GLOBAL APPEND PROPERTY ATOLL_PARTS ${target})
endfunction()

# Links the objects of every part and of `table` into `file`, with a map.
function(atoll_link target file map script archives table)
  get_property(parts GLOBAL PROPERTY ATOLL_PARTS)
  set(objects "")
  foreach(part IN LISTS parts table)
    list(APPEND objects $<TARGET_OBJECTS:${part}>)
  endforeach()
  add_executable(${target} ${objects})
  get_filename_component(folder "${file}" DIRECTORY)
  get_filename_component(name "${file}" NAME)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME "${name}"
    RUNTIME_OUTPUT_DIRECTORY "${folder}" LINKER_LANGUAGE CXX
    LINK_DEPENDS "${script};${archives}")
  target_link_options(${target} PRIVATE
    -nostdlib -static-pie "LINKER:-T,${script}" "LINKER:-Map,${map}"
    LINKER:--gc-sections LINKER:${ATOLL_EH_FRAME_HDR} LINKER:--build-id=sha1 LINKER:-z,noexecstack
    LINKER:-z,max-page-size=4096 LINKER:-z,text LINKER:--no-warn-rwx-segments
    LINKER:--orphan-handling=warn)
  if(ATOLL_ARCH STREQUAL "x86_64")
    # A PVH loader copies segments: they need no padding to pages in the file.
    # Relative relocations in packed form take a bit each instead of 24 bytes.
    target_link_options(${target} PRIVATE LINKER:--nmagic LINKER:-z,pack-relative-relocs)
  else()
    # The launcher adds the compiler's default, the fix of an erratum, in the
    # form that costs no padding.
    target_link_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-mno-fix-cortex-a53-843419>)
    if(ATOLL_TINY_CODE)
      target_link_options(${target} PRIVATE -mcmodel=tiny)   # for the launcher's sake
    endif()
    set_target_properties(${target} PROPERTIES
      RULE_LAUNCH_LINK "${ATOLL_PYTHON} ${ATOLL_SUPPORT}/atoll/link_arm64.py")
  endif()
  target_link_libraries(${target} PRIVATE
    -Wl,--start-group ${archives} ${ATOLL_LIBGCC} -Wl,--end-group)
endfunction()

# A link with an empty table of function names, and from what it shows the real one,
# which moves no code.
function(atoll_symbol_names script archives)
  set(none "${CMAKE_BINARY_DIR}/no_symbol_names.S")
  set(names "${CMAKE_BINARY_DIR}/symbol_names.S")
  add_custom_command(OUTPUT "${none}" COMMAND ${ATOLL_TOOL}.symbol_names "${none}" VERBATIM)
  add_library(generated_no_symbol_names OBJECT "${none}")
  set(first "${CMAKE_BINARY_DIR}/without_names")
  atoll_link(without_names "${first}" "${first}.map" "${script}" "${archives}"
    generated_no_symbol_names)
  add_custom_command(OUTPUT "${names}" DEPENDS without_names VERBATIM
    COMMAND ${ATOLL_TOOL}.symbol_names "${names}" "${first}" "${ATOLL_CXXFILT}")
  add_library(generated_symbol_names OBJECT "${names}")
endfunction()

# Links the image, and makes the bootable file, the symbols and the map.
function(atoll_image)
  cmake_parse_arguments(IMAGE "SYMBOL_NAMES" "LINKER_SCRIPT" "ARCHIVES" ${ARGN})
  get_property(parts GLOBAL PROPERTY ATOLL_PARTS)
  add_custom_target(parts DEPENDS ${parts})
  set(dbg "${ATOLL_CELL_DIR}/${ATOLL_CELL}.dbg")
  set(table "")
  set(check "")
  if(IMAGE_SYMBOL_NAMES)
    atoll_symbol_names("${IMAGE_LINKER_SCRIPT}" "${IMAGE_ARCHIVES}")
    set(table generated_symbol_names)
    set(check COMMAND ${ATOLL_TOOL}.symbol_names --check "${CMAKE_BINARY_DIR}/symbol_names.S"
      "${dbg}" "${ATOLL_CXXFILT}")
  endif()
  atoll_link(image "${dbg}" "${ATOLL_CELL_DIR}/${ATOLL_CELL}.map" "${IMAGE_LINKER_SCRIPT}"
    "${IMAGE_ARCHIVES}" "${table}")
  set(makers bootable.py elf.py flat_image.py loadable_elf.py)
  list(TRANSFORM makers PREPEND "${ATOLL_SUPPORT}/atoll/")
  # The bootable file appears under its name only when it is whole.
  add_custom_command(OUTPUT "${ATOLL_CELL_DIR}/${ATOLL_CELL}"
    ${check}
    COMMAND ${ATOLL_TOOL}.bootable "${dbg}" "${ATOLL_CELL_DIR}/.${ATOLL_CELL}.new"
    COMMAND ${CMAKE_COMMAND} -E rename "${ATOLL_CELL_DIR}/.${ATOLL_CELL}.new"
      "${ATOLL_CELL_DIR}/${ATOLL_CELL}"
    DEPENDS image ${makers} COMMENT "Making ${ATOLL_CELL}" VERBATIM)
  add_custom_target(bootable ALL DEPENDS "${ATOLL_CELL_DIR}/${ATOLL_CELL}")
endfunction()

"""Which of torch's own operators a file may name: those of numbers, by the types that torch itself says they take.

An operator without a text among its arguments can name no file; those with one that only compute are listed. Handles of other
processes, threads and streams are no types of a network, and the few that change the process are left out by name.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

NAMESPACES = {
    "aten", "prim", "prims", "quantized", "_quantized", "quantization", "quantized_decomposed", "torchvision",
}  # fmt: skip
TYPES = {
    "AnyEnumType", "AnyType", "BoolType", "ComplexType", "DeviceObjType", "DictType", "FloatType", "GeneratorType", "IntType",
    "LayoutType", "MemoryFormatType", "NoneType", "NumberType", "QSchemeType", "ScalarTypeType", "SymBoolType", "SymIntType",
    "TensorType", "TupleType",
}  # fmt: skip
# Packed weights of quantized layers, the only classes of C++ that networks need.
PACKED = ("quantized", "rnn")
WITH_TEXT = frozenset(
    "aten::" + name
    for name in """
    Delete Float Int __contains__ __getitem__ __interpolate __upsample _assert_async _assert_scalar _convolution_mode
    _functional_assert_async _functional_assert_scalar _linalg_check_errors _linalg_eigh _linalg_svd _mixed_dtypes_linear
    _set_item _sparse_mm _sparse_mm_reduce_impl _sparse_semi_structured_linear add any bin capitalize center
    chr conv1d conv2d conv3d count device div div_ divide divide_ einsum endswith eq expandtabs fft_fft fft_fft2 fft_fftn fft_hfft
    fft_hfft2 fft_hfftn fft_ifft fft_ifft2 fft_ifftn fft_ihfft fft_ihfft2 fft_ihfftn fft_irfft fft_irfft2 fft_irfftn fft_rfft
    fft_rfft2 fft_rfftn find format ge gelu gelu_ get get_autocast_dtype gt hex index index_reduce index_reduce_ isalnum
    isalpha isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join keys le len linalg_cond
    linalg_eigh linalg_eigvalsh linalg_lstsq linalg_matrix_norm linalg_norm linalg_qr linalg_svd linalg_svdvals list ljust lower
    lstrip lt meshgrid nanquantile ne oct ord pad pad_sequence partition percentFormat pop quantile remove replace rfind rindex rjust
    rpartition rsplit rstrip scatter scatter_ scatter_reduce scatter_reduce_ searchsorted setdefault slice sort sorted
    split splitlines startswith stft str strip swapcase title upper warn zfill
    """.split()
)
# Of the compiler's own operators, which also call Python and other machines, those that code is written with.
PRIM = frozenset(
    "prim::" + name
    for name in """
    EnumName EnumValue IfThenElse ModuleContainerIndex NumToTensor Print RaiseException StringIndex TupleIndex TupleUnpack
    Uninitialized abs data device dtype grad index is_cpu is_cuda is_ipu is_maia is_meta is_mkldnn is_mps is_mtia is_nested is_quantized
    is_sparse is_sparse_csr is_vulkan is_xla is_xpu itemsize layout max min name nbytes rangelist requires_grad tolist type
    unchecked_cast unchecked_unwrap_optional
    """.split()
)
# Of torch's private operators, many of which trust their callers with the bounds of memory, those that networks are written with.
PRIVATE = frozenset(
    "aten::" + name
    for name in """
    _adaptive_avg_pool2d _adaptive_avg_pool3d _add_relu _add_relu_ _addmm_activation _aminmax _assert_tensor_metadata
    _batch_norm_impl_index _batch_norm_no_update _cast_Byte _cast_Char _cast_Double _cast_Float _cast_Half _cast_Int _cast_Long
    _cast_Short _cat _cdist_forward _choose_qparams_per_tensor _chunk_cat _conj _conj_physical _convolution
    _cummax_helper _cummin_helper _dim_arange _embedding_bag _embedding_bag_forward_only _euclidean_dist
    _fake_quantize_learnable_per_channel_affine _fake_quantize_learnable_per_tensor_affine
    _fake_quantize_per_tensor_affine_cachemask_tensor_qparams _fft_c2c _fft_c2r _fft_r2c _fused_dropout _get_tracing_state
    _grad_sum_to_size _grid_sampler_2d_cpu_fallback _has_compatible_shallow_copy_type _infer_size _is_all_true _is_any_true
    _is_zerotensor _linalg_det _linalg_slogdet _linalg_solve_ex _list_to_tensor _local_scalar_dense _log_softmax _logcumsumexp
    _lu_with_info _make_per_channel_quantized_tensor _make_per_tensor_quantized_tensor _masked_scale _masked_softmax
    _native_batch_norm_legit _native_batch_norm_legit_functional _native_batch_norm_legit_no_training _native_multi_head_attention
    _ncf_unsqueeze _ncf_view _neg_view _no_grad_embedding_renorm_ _pack_padded_sequence _pad_circular _pad_enum _pad_packed_sequence
    _pdist_forward _prelu_kernel _remove_batch_dim _reshape_copy _reshape_from_tensor _resolve_conj _rnn _rowwise_prune
    _safe_softmax _saturate_weight_to_fp16 _scaled_dot_product_attention_math _scaled_dot_product_flash_attention_for_cpu
    _scaled_dot_product_fused_attention_overrideable _shape_as_tensor _size_if_not_equal _softmax _spectral_norm _stack
    _standard_gamma _tensor_to_list _thnn_fused_gru_cell _thnn_fused_lstm_cell _to_copy _to_cpu _transform_bias_rescale_qkv
    _transformer_encoder_layer_fwd _trilinear _unique _unique2 _unsafe_index _unsafe_view _unwrap_optional
    _upsample_bicubic2d_aa _upsample_bilinear2d_aa _upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d
    _weight_norm _weight_norm_interface _wrapped_linear_prepack _wrapped_quantized_linear_prepacked
    """.split()
)
# Sparse tensors are places in memory that a file could choose; what trains (gradients, the loss of sequences) and reductions of
# segments take places without a look at them. No converter takes any of these.
UNCHECKED = re.compile(
    r"aten::(?:\w*(?:sparse|mkldnn|backward|ctc_loss|segment_reduce)\w*|(?:crow_|ccol_|col_|row_)?indices(?:_copy)?|set_data|data_ptr)"
)
# The state of random numbers, of the process, and other processes.
REFUSED = frozenset(
    "aten::" + name
    for name in """
    Generator manual_seed seed initial_seed get_gradients set_grad_enabled _make_dep_token _cufft_set_plan_cache_max_size
    _cufft_clear_plan_cache
    """.split()
)


def computes(name: str, overload: str | None = None) -> bool:
    """`name`: namespace::name. Whether torch has such an operator, and it, or all of its overloads, only compute."""
    schemas = [schema for schema in all_schemas().get(name, []) if overload is None or schema.overload_name == overload]
    return bool(schemas) and all(is_harmless(schema) for schema in schemas)


def exists(name: str) -> bool:
    return name in all_schemas()


def is_harmless(schema: Any) -> bool:
    namespace = schema.name.partition("::")[0]
    if namespace == "prim":
        return schema.name in PRIM
    if namespace not in NAMESPACES or schema.name in REFUSED:
        return False
    if not is_checked(schema.name):
        return False
    kinds = {kind_of(value.type) for value in [*schema.arguments, *schema.returns]}
    return all(kind in TYPES or kind == "StringType" and schema.name in WITH_TEXT for kind in kinds)


def is_checked(name: str) -> bool:
    """Whether it holds what it is given against the bounds of its tensors, as far as that is known."""
    private = name.startswith("aten::_") and not name.startswith("aten::__")
    return UNCHECKED.fullmatch(name) is None and (not private or name in PRIVATE or name in WITH_TEXT)


def kind_of(kind: Any) -> str:
    name = kind.kind()
    if name in ("ListType", "OptionalType"):
        return kind_of(kind.getElementType())
    if name == "ClassType":
        return "TensorType" if is_packed(str(kind)) else name
    # Any type at all, of the value that it is used with.
    return "AnyType" if name == "VarType" else name


def is_packed(name: str) -> bool:
    return any(name.startswith(f"__torch__.torch.classes.{namespace}.") for namespace in PACKED)


@cache
def all_schemas() -> dict[str, list[Any]]:
    import torch.ao.quantization.fx._decomposed

    found: dict[str, list[Any]] = {}
    for schema in torch._C._jit_get_all_schemas():
        found.setdefault(schema.name, []).append(schema)
    return found
